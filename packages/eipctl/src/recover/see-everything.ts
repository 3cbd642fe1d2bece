import type { CloudAddress, EipCloud } from '@pod-eip/cloud'
import { allocationTag, clusterTag } from '@pod-eip/cloud-calls'
import type { Claim, Intent } from '@pod-eip/domain'
import type { EventLog } from '@pod-eip/event-log'
import type { Cluster } from '@pod-eip/kube'
import { createMemoryModels, type ReadModels, replayLog } from '@pod-eip/read-models'
import { claimsInPages } from '../connect/claims-in-pages.ts'
import { seeCluster } from './see-cluster.ts'
import type { Seen } from './seen.ts'

export interface Seeing {
  /** Tag tke-clusterId. */
  clusterId: string
  annotationDomain: string
  cluster: Cluster
  cloud: Pick<EipCloud, 'describeAddresses'>
  log: Pick<EventLog, 'read' | 'head'>
  readModels: ReadModels
}

/** EIPs asked for by their ids in one call. */
const atOnce = 100

/** Looks at the cloud first, then at the cluster and the log; changes nothing. */
export async function seeEverything(deps: Seeing): Promise<Seen> {
  const { clusterId, cloud, cluster, annotationDomain } = deps
  const tagged = await cloud.describeAddresses({ tags: [{ key: clusterTag, value: clusterId }] })
  const { pods, objects } = await seeCluster(cluster, annotationDomain)
  const models = await modelsAtHead(deps)
  // Of one that is over its generation counts where something of its name is there.
  const wanted = ({ key, phase, intent, surplus }: Claim) =>
    phase !== 'Released' || intent !== null || surplus.length > 0 || pods.has(key) || objects.has(key)
  const claims = new Map((await claimsInPages(models, wanted)).map((claim) => [claim.key, claim]))
  const shown = new Map(tagged.map((address) => [address.addressId, address]))
  const named = [
    ...[...claims.values()].flatMap(({ address, surplus }) => [...(address ? [address] : []), ...surplus]),
    ...[...objects.values()].map(({ eipId }) => ({ id: eipId })),
  ]
  const others = [...new Set(named.map(({ id }) => id))].filter((id) => id !== '' && !shown.has(id))
  for (let first = 0; first < others.length; first += atOnce) {
    const found = await cloud.describeAddresses({ addressIds: others.slice(first, first + atOnce) })
    for (const address of found) shown.set(address.addressId, address)
  }
  for (const [id, { status }] of shown) if (status === 'OFFLINING') shown.delete(id)
  const ours = new Map([...shown.values()].flatMap((address) => oursAmong(address, clusterId)))
  const allocations = new Map<string, Intent>()
  for (const id of new Set(ours.values())) {
    const intent = await models.intentOfAllocation(id)
    if (intent) allocations.set(id, intent)
  }
  return { shown, ours, objects, pods, claims, nodes: await models.nodes(), allocations }
}

/** With the allocation that brought it, for one that was created for a claim of this cluster. */
function oursAmong({ addressId, tags }: CloudAddress, clusterId: string): [string, string][] {
  const tag = (key: string) => tags.find((t) => t.key === key)?.value
  const allocationId = tag(allocationTag)
  return allocationId !== undefined && tag(clusterTag) === clusterId ? [[addressId, allocationId]] : []
}

/** The read models as they are at the end of the log: a projector that has not got there is not waited for. */
async function modelsAtHead({ log, readModels }: Seeing): Promise<ReadModels> {
  const head = await log.head()
  if ((await readModels.position()) >= head) return readModels
  const { world, folded } = await replayLog(log, head)
  return createMemoryModels(() => folded, world)
}
