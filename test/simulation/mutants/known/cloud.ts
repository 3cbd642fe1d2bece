import type { Mutant } from '../mutant.ts'

const steps = 'packages/cloud-calls/src/steps'

/** Mistakes in how the cloud is called. */
export const cloudMutants: readonly Mutant[] = [
  {
    name: 'token-not-persisted',
    mistake: 'Each try of an allocation goes out under a ClientToken of its own.',
    file: `${steps}/allocation-request.ts`,
    find: "const suffix = memory.tokenNumber === 0 ? '' :",
    replace: "const suffix = memory.attempts > 0 ? '-again-' + memory.attempts :",
  },
  {
    name: 'no-look-by-tag',
    mistake: 'What a call without an answer brought is not looked for before another one.',
    file: `${steps}/allocate.ts`,
    find: 'return cloud.describeAddresses({ tags: [{ key: allocationTag, value: order.allocationId }] })',
    replace: 'return []',
  },
  {
    name: 'not-shown-is-not-there',
    mistake:
      'An EIP that was answered and is not shown yet is taken for one that never came: another is ordered.',
    file: `${steps}/allocate.ts`,
    find: "return result === 'FAILED' ||",
    replace: 'return result !== null ||',
  },
  {
    name: 'call-without-a-look',
    mistake: 'Associate repeats without describing before.',
    file: `${steps}/associate.ts`,
    find: 'if (memory.calledAt !== null || memory.attempts > 0) {',
    replace: 'if (memory.taskId !== null) {',
  },
  {
    name: 'cancellation-ignored',
    mistake: 'A binding goes on although its Pod has gone.',
    file: 'packages/cloud-calls/src/step-under-lease.ts',
    find: "const cancelled = intent.status === 'cancelled'",
    replace: 'const cancelled = false',
  },
  {
    name: 'unbinds-whatever',
    mistake: 'An EIP is unbound wherever it is by now, also where somebody else has bound it.',
    file: `${steps}/disassociate.ts`,
    find: 'if (!boundByUs(order, address)) {',
    replace: 'if (!address.privateIpAddress) {',
  },
  {
    name: 'no-answer-is-done',
    mistake: 'A release without an answer counts as done.',
    file: `${steps}/release.ts`,
    find: "error.class === 'gone') return released",
    replace: "error.class !== 'retry-soon') return released",
  },
  {
    name: 'answer-is-done',
    mistake: 'A release counts as done when the call was answered, though its task may still fail.',
    file: `${steps}/release.ts`,
    find: `    throw error
  }
  return again(settings.pollMs)`,
    replace: `    throw error
  }
  return released(order, memory.requestId)`,
  },
  {
    name: 'back-off-forgotten',
    mistake: 'Whatever the cloud refuses ends the call: nothing is tried again.',
    file: 'packages/cloud-calls/src/refused.ts',
    find: 'return failures >= patience ? tellAgain() : again(delayMs)',
    replace: 'return failedOutcome(intent, word) ?? again(delayMs)',
  },
  {
    name: 'orphans-left',
    mistake: "EIPs in nobody's hands stay for ever.",
    file: 'services/worker/src/survey/orphans.ts',
    find: 'if (clock.now() - sinceMs < settings.orphanGraceMs) {',
    replace: 'if (clock.now() - sinceMs < Number.POSITIVE_INFINITY) {',
  },
]
