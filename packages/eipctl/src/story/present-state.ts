import { type Claim, describeClaim, phaseNotes } from '@pod-eip/domain'
import type { ReadModels } from '@pod-eip/read-models'

/** How a claim stands: in which phase, since when, what it waits for and for whom. */
export async function presentState(claim: Claim, readModels: ReadModels, now: number) {
  const ready = describeClaim(claim).status.conditions.find(({ type }) => type === 'Ready')!
  const { means, next } = phaseNotes[claim.phase]
  return {
    phase: claim.phase,
    since: claim.phaseSince,
    forMs: claim.phaseSince === '' ? 0 : Math.max(0, now - Date.parse(claim.phaseSince)),
    means,
    next,
    ready: ready.status === 'True',
    reason: ready.reason,
    /** Why it is not ready, what it waits for and what to do. */
    why: ready.message,
    /** Who is in its way, sentences. */
    inTheWay: [...(await slotQueue(claim, readModels)), ...(await listings(claim, readModels))],
    eip: claim.address?.id ?? null,
    publicIp: claim.address?.publicIp ?? null,
  }
}

async function slotQueue({ key, awaitingSlotOn }: Claim, readModels: ReadModels): Promise<string[]> {
  const node = awaitingSlotOn === null ? null : await readModels.node(awaitingSlotOn)
  if (!node) return []
  const place = node.waiting.findIndex(({ claim }) => claim === key) + 1
  const queue = `it is number ${place} of ${node.waiting.length} in the queue`
  const holders = node.holders.map(({ claim }) => claim)
  if (holders.length === 0) return [`At this moment no claim has an EIP slot of node ${node.name}; ${queue}.`]
  return [`At this moment the EIP slots of node ${node.name} are with ${some(holders)}; ${queue}.`]
}

/** Queues for EIPs of the Pod's list. */
async function listings({ key, search }: Claim, readModels: ReadModels): Promise<string[]> {
  const found = await Promise.all(search.awaited.slice(0, mostNamed).map((id) => readModels.listing(id)))
  return found
    .filter((listing) => listing !== null)
    .map(({ id, holder, waiting }) => {
      const whose = holder ? `is with ${holder.claim} since ${holder.since}` : 'is with no claim'
      return `At this moment EIP ${id} ${whose}; this claim is number ${waiting.indexOf(key) + 1} of ${waiting.length} that wait for it.`
    })
}

const mostNamed = 5

function some(names: string[]): string {
  const more = names.length - mostNamed
  return more > 0 ? `${names.slice(0, mostNamed).join(', ')} and ${more} more` : names.join(', ')
}
