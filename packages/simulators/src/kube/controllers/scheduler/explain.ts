import type { Refusal } from './filter.ts'

/**
 * The sentence that the scheduler writes into PodScheduled and the FailedScheduling Event: how many
 * Nodes refused for each reason, and that evicting others would not help.
 */
export function explainRefusals(refusals: Refusal[]): string {
  if (refusals.length === 0) return 'no nodes available to schedule pods'
  const total = `0/${refusals.length} nodes are available`
  const filtered = histogram(refusals.flatMap((refusal) => refusal.reasons))
  const preemption = histogram(
    refusals.map(({ resolvable }) =>
      resolvable
        ? 'No preemption victims found for incoming pod'
        : 'Preemption is not helpful for scheduling',
    ),
  )
  return `${total}: ${filtered}. no new claims to deallocate, preemption: ${total}: ${preemption}.`
}

function histogram(reasons: string[]): string {
  const counts = new Map<string, number>()
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return [...counts]
    .map(([reason, count]) => `${count} ${reason}`)
    .sort()
    .join(', ')
}
