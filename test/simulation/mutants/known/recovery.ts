import type { Mutant } from '../mutant.ts'

const recover = 'packages/eipctl/src/recover'

/** Mistakes in what becomes of a log that was restored from an older backup. */
export const recoveryMutants: readonly Mutant[] = [
  {
    name: 'old-log-believed',
    mistake: 'That the log is an older one than there was is not noticed: calls are made as it believes.',
    file: 'packages/read-models/src/watch-log.ts',
    find: 'if (head < marked.position) return wentBack(',
    replace: "if (head < marked.position) return ''\n    if (head < 0) return wentBack(",
  },
  {
    name: 'mark-not-moved',
    mistake:
      'The log is recovered, and the mark of how far it had come is left where it was: nobody goes on.',
    file: `${recover}/recover-log.ts`,
    find: 'await mark.write({ position, hash: last!.hash })',
    replace: '',
  },
  {
    name: 'old-orders-carried-out',
    mistake: 'A call that was ordered before the backup is made again after the restore.',
    file: `${recover}/plan-recovery.ts`,
    find: 'sameAddress && !log.intent && sameBinding',
    replace: 'sameAddress && sameBinding',
  },
  {
    name: 'claims-not-recovered',
    mistake: 'Recovery tells the log which claims it has otherwise, and not how they are.',
    file: `${recover}/recovery-events.ts`,
    find: "...claims.map((claim) => newEvent('ClaimRecovered', { ...claim, by })),",
    replace: '',
  },
  {
    name: 'recovered-pod-has-ended',
    mistake: 'A claim that is recovered counts as one without a Pod until the watcher has seen it.',
    file: 'packages/domain/src/claim/recovered.ts',
    find: 'if (!pod) return null',
    replace: 'return null',
  },
  {
    name: 'objects-prove-nothing',
    mistake:
      "Of what EIPClaims say recovery believes nothing: an EIP that is bound to nothing is in nobody's hands.",
    file: `${recover}/owners.ts`,
    find: "{ proof: 'EIPClaim', says: (id) => objects.get(id) ?? [] },",
    replace: '',
  },
]
