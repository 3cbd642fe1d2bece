import type { Mutant } from '../mutant.ts'

const domain = 'packages/domain/src'

/** Mistakes in what is decided. */
export const ruleMutants: readonly Mutant[] = [
  {
    name: 'release-before-unbind',
    mistake: 'The EIP of a Pod that has ended is released while it is still bound, and nobody unbinds it.',
    file: `${domain}/claim/decide-claim.ts`,
    find: 'if (claim.binding) {',
    replace: 'if (claim.binding && pod) {',
  },
  {
    name: 'quota-counted-late',
    mistake:
      'A slot is taken when the EIP is bound, not when the binding is decided: two Pods get the last one.',
    file: `${domain}/node/evolve-node.ts`,
    find: `case 'BindingDecided': {
      const { claim, intentId: bindingId, instanceId } = event.data`,
    replace: `case 'AddressBound': {
      const { claim, intentId: bindingId } = event.data
      const { instanceId } = node`,
  },
  {
    name: 'slot-freed-early',
    mistake: 'A slot is free when the unbinding is decided, not when it has happened.',
    file: `${domain}/node/evolve-node.ts`,
    find: `case 'AddressUnbound':
      return freed(`,
    replace: `case 'UnbindingDecided':
    case 'AddressUnbound':
      return freed(`,
  },
  {
    name: 'slot-never-freed',
    mistake: 'A binding that failed keeps its slot for ever.',
    file: `${domain}/node/evolve-node.ts`,
    find: `case 'BindingAbandoned':
      return freed(node, event.data.intentId)`,
    replace: `case 'BindingAbandoned':
      return node`,
  },
  {
    name: 'queue-jumped',
    mistake: 'Who comes to a full node is not told that it waits, so nobody wakes it.',
    file: `${domain}/node/evolve-node.ts`,
    find: 'return queued(node, { claim: event.data.claim, since: event.position })',
    replace: 'return node',
  },
  {
    name: 'guard-off',
    mistake: 'Whatever a list lacks is given back at once, however much it is.',
    file: `${domain}/guard/decide-guard.ts`,
    find: 'if (!guard) return decision',
    replace: 'return decision',
  },
  {
    name: 'guard-forgets',
    mistake: 'Pods that were only missed are not counted, so the guard never closes.',
    file: `${domain}/guard/evolve-guard.ts`,
    find: '? without : count(without, is, 1)',
    replace: '? without : without',
  },
  {
    name: 'static-forgotten',
    mistake: 'The EIP of a static claim goes with its Pod.',
    file: `${domain}/claim/give-up.ts`,
    find: "if (!isStatic) return giveUp(claim, address, 'PodEnded', context)",
    replace: "if (!claim.retained) return giveUp(claim, address, 'PodEnded', context)",
  },
  {
    name: 'all-static',
    mistake: 'Every EIP is kept after its Pod, asked for or not.',
    file: `${domain}/claim/give-up.ts`,
    find: 'const isStatic = claim.terms?.static === true',
    replace: 'const isStatic = claim.terms !== null',
  },
  {
    name: 'released-before-its-pod',
    mistake: "Cascade reclaim releases a static Pod's EIP when the owner ends, while the Pod still runs.",
    file: `${domain}/claim/decide-claim.ts`,
    find: "if (!pod) return 'PodEnded'\n  if (pod.uid",
    replace: "if (!pod || pod.terminating) return 'PodEnded'\n  if (pod.uid",
  },
  {
    name: 'cascade-unasked',
    mistake: 'The EIP goes with its workload although cascade reclaim is not set.',
    file: `${domain}/claim/cascade.ts`,
    find: 'return settings.cascade && owner !== null &&',
    replace: 'return owner !== null &&',
  },
  {
    name: 'orphans-taken-along',
    mistake:
      'A workload that was deleted with --cascade=orphan takes the EIPs of the Pods along that it left.',
    file: `${domain}/claim/cascade.ts`,
    find: " && owner.uid === claim.owner?.uid && owner.end !== 'Orphaning'",
    replace: ' && owner.uid === claim.owner?.uid',
  },
  {
    name: 'listed-released',
    mistake: "An EIP of the user's is released with the claim.",
    file: `${domain}/claim/give-up.ts`,
    find: `case 'listed':
      return giveBack(claim, address, cause)`,
    replace: `case 'listed':
      return release(claim, { ...address, allocationId: '' } as never, cause, context)`,
  },
  {
    name: 'listed-twice',
    mistake: 'Two Pods of one list get the same EIP.',
    file: `${domain}/listing/listing.ts`,
    find: 'return listing.holder === null && (',
    replace: 'return (',
  },
  {
    name: 'listed-queue-stuck',
    mistake: "An EIP of the user's that came free is offered to nobody.",
    file: `${domain}/projection/decide-world.ts`,
    find: "case 'ListedAddressGivenBack':\n      return [data.addressId]",
    replace: "case 'ListedAddressGivenBack':\n      return []",
  },
  {
    name: 'member-forgotten',
    mistake: 'Of an allocation for several Pods only the one that it was decided for is remembered.',
    file: `${domain}/projection/evolve-intent.ts`,
    find: 'return withMembers(intent, [...intent.members, memberOf(event)], event)',
    replace: 'return intent',
  },
]
