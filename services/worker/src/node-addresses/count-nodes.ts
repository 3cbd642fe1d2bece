import type { IntentHandling } from '@pod-eip/cloud-calls'
import { type ForeignAddress, type Node, newEvent } from '@pod-eip/domain'
import type { EventLog, NewEvent } from '@pod-eip/event-log'
import { type ReadModels, toNewEvent } from '@pod-eip/read-models'
import type { Clock, Logger } from '@pod-eip/runtime'
import { changedStandings } from './address-standings.ts'
import { countDueAt } from './count-due.ts'
import { foreignAddresses } from './foreign-addresses.ts'

export interface CountingNodes extends Pick<IntentHandling, 'cloud' | 'clock' | 'settings'> {
  readModels: Pick<ReadModels, 'nodesChangedAfter' | 'address' | 'listing' | 'claim'>
  log: Pick<EventLog, 'append'>
  logger: Logger
}

/** Between two looks at which nodes are due, in ms. */
const lookEveryMs = 5_000
/** CVMs asked about in one call of the cloud: what a filter of DescribeAddresses takes. */
const atOnce = 100
const pageSize = 1_000

/**
 * Keeps the log told of the EIPs that others have on the nodes' CVMs, until the signal aborts. Several workers
 * may do it at once: the log takes each finding once. What goes wrong is tried again.
 */
export async function countNodes(deps: CountingNodes, signal: AbortSignal): Promise<void> {
  const { readModels, clock, logger } = deps
  const nodes = new Map<string, Node>()
  const askedAt = new Map<string, number>()
  let position = 0

  async function followNodes(): Promise<void> {
    for (;;) {
      const changed = await readModels.nodesChangedAfter(position, pageSize)
      for (const node of changed) nodes.set(node.name, node)
      position = changed.at(-1)?.position ?? position
      if (changed.length < pageSize) return
    }
  }

  async function countDue(): Promise<void> {
    const due = [...nodes.values()].filter((node) => {
      const at = countDueAt(node, askedAt.get(node.instanceId ?? '') ?? null)
      return at !== null && at <= clock.now()
    })
    for (let first = 0; first < due.length && !signal.aborted; first += atOnce) {
      const some = due.slice(first, first + atOnce)
      for (const { instanceId } of some) askedAt.set(instanceId!, clock.now())
      await count(some, deps)
    }
  }

  while (!signal.aborted) {
    try {
      await followNodes()
      await countDue()
    } catch (error) {
      logger.warn({ err: error }, "the EIPs on the nodes' CVMs could not be counted; tried again")
    }
    await clock.sleep(lookEveryMs, signal)
  }
}

async function count(nodes: Node[], deps: CountingNodes): Promise<void> {
  const { log, cloud, readModels, clock, settings } = deps
  const instanceIds = [...new Set(nodes.map((node) => node.instanceId!))]
  const addresses = await cloud.describeAddresses({ instanceIds })
  const found = await foreignAddresses(instanceIds, addresses, { readModels, clusterId: settings.clusterId })
  const news = nodes.filter((node) => isNews(node, found.get(node.instanceId!)!))
  const events = [
    ...news.map((node) => counted(node, found.get(node.instanceId!)!, clock)),
    ...(await changedStandings(addresses, { readModels, clock })),
  ]
  if (events.length > 0) await log.append(events)
}

/** The first count of a CVM, one that answers a refusal, or another one than before. */
function isNews(node: Node, foreign: ForeignAddress[]): boolean {
  const first = node.countedAt === ''
  return first || node.refusal !== null || JSON.stringify(node.foreign) !== JSON.stringify(foreign)
}

function counted(node: Node, foreign: ForeignAddress[], clock: Clock): NewEvent {
  const event = newEvent('NodeAddressesCounted', { node: node.name, instanceId: node.instanceId!, foreign })
  return toNewEvent(event, {
    // Whoever counts the same node as it stood then has found the same, or asks again.
    dedupeKey: `node-addresses/${node.name}/${node.position}`,
    occurredAt: new Date(clock.now()).toISOString(),
    actor: 'worker',
    correlationId: node.uid,
    causationPosition: node.position,
  })
}
