import type { Mutant } from '../mutant.ts'

const teardown = 'packages/eipctl/src/teardown'
const claim = 'packages/domain/src/claim'

/** Mistakes in how a cluster is torn down. */
export const teardownMutants: readonly Mutant[] = [
  {
    name: 'teardown-takes-others',
    mistake: 'Whatever carries the tag of the cluster is released with it, also what another has created.',
    file: `${teardown}/plan-from-log.ts`,
    find: '  if (allocationId === undefined) {',
    replace: `  if (allocationId === undefined && !isBound(address)) {
    const goes = { addressId, publicIp, allocationId: '', claim: 'kube-system/' + addressId }
    return { item: { ...about, does: 'release', says: '' } satisfies TeardownItem, goes }
  }
  if (allocationId === undefined) {`,
  },
  {
    name: 'teardown-leaves-what-is-kept',
    mistake: 'EIPs that are kept for Pods to come stay when the cluster is torn down.',
    file: `${claim}/give-up.ts`,
    find: "if (teardown) return giveUp(claim, address, 'Teardown', context)",
    replace: "if (teardown && !claim.retained) return giveUp(claim, address, 'Teardown', context)",
  },
  {
    name: 'allocated-under-teardown',
    mistake: 'A Pod that asks while the cluster is torn down gets an EIP.',
    file: `${claim}/decide-claim.ts`,
    find: 'const { teardown } = around\n  const pod = teardown ? null : served',
    replace: 'const { teardown } = around\n  const pod = served',
  },
  {
    name: 'teardown-once-only',
    mistake:
      'A teardown that was cut off is not gone on with: the order stands in the log, so it counts as done.',
    file: `${teardown}/work-with-log.ts`,
    find: '  await order(deps)\n',
    replace: '  if ((await readModels.cluster()).teardown) return\n  await order(deps)\n',
  },
]
