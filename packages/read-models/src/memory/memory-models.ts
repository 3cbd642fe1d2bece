import {
  type Claim,
  clusterKey,
  emptyCluster,
  emptyGuard,
  emptyWorld,
  type ModelKind,
  type Models,
  type World,
} from '@pod-eip/domain'
import type { ClaimPage, ReadModels } from '../read-models.ts'

/** Read models in memory: for the simulation, and for a replay beside the live ones. */
export interface MemoryModels extends ReadModels {
  readonly world: World
}

/**
 * @param position says up to where the log is folded into `world`
 */
export function createMemoryModels(position: () => number, world: World = emptyWorld()): MemoryModels {
  const sorted = <K extends ModelKind>(kind: K) =>
    [...(world[kind] as Map<string, Models[K]>)].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  const values = <K extends ModelKind>(kind: K) => sorted(kind).map(([, value]) => value)
  const changedAfter = <K extends 'claims' | 'nodes'>(kind: K, after: number, limit: number) =>
    values(kind)
      .filter((record) => record.position > after)
      .sort((a, b) => a.position - b.position)
      .slice(0, limit)
  const names = (record: { publicIp: string }, id: string, idOrIp: string) =>
    id === idOrIp || record.publicIp === idOrIp
  const byTime = (a: { from: string; position: number }, b: { from: string; position: number }) =>
    a.from < b.from ? -1 : a.from > b.from ? 1 : a.position - b.position

  return {
    world,
    position: async () => position(),
    claim: async (key) => world.claims.get(key) ?? null,
    claims: async ({ namespace, open, live, owner } = {}, page) =>
      onPage(
        values('claims').filter(
          (claim) =>
            (namespace === undefined || claim.key.startsWith(`${namespace}/`)) &&
            (!open || claim.phase !== 'Released') &&
            (!live || (claim.pod !== null && (!claim.pod.ended || claim.pod.ended.reason === 'Missed'))) &&
            (owner === undefined || claim.owner?.uid === owner),
        ),
        page,
      ),
    claimsOfLivingOwners: async (page) =>
      onPage(
        values('claims').filter(
          ({ phase, owner }) => phase !== 'Released' && owner && !world.owners.has(owner.uid),
        ),
        page,
      ),
    expiringClaims: async () =>
      values('claims')
        .filter((claim) => claim.retained?.until)
        .sort((a, b) => (a.retained!.until! < b.retained!.until! ? -1 : 1)),
    claimsChangedAfter: async (after, limit) => changedAfter('claims', after, limit),
    node: async (name) => world.nodes.get(name) ?? null,
    nodes: async () => values('nodes'),
    owner: async (uid) => world.owners.get(uid) ?? null,
    nodesChangedAfter: async (after, limit) => changedAfter('nodes', after, limit),
    intent: async (id) => world.intents.get(id) ?? null,
    openIntents: async () =>
      values('intents')
        .filter((intent) => intent.status !== 'done')
        .sort((a, b) => a.decidedPosition - b.decidedPosition),
    intentOfAllocation: async (allocationId) =>
      values('intents').find(
        ({ order }) => order.type === 'AllocationDecided' && order.data.allocationId === allocationId,
      ) ?? null,
    everBoundTo: async (claim, privateIp) =>
      values('intents').some(
        ({ order }) =>
          order.type === 'BindingDecided' && order.data.claim === claim && order.data.privateIp === privateIp,
      ),
    address: async (idOrIp) =>
      values('addresses')
        .filter((address) => names(address, address.id, idOrIp))
        .sort((a, b) => b.position - a.position)[0] ?? null,
    addresses: async () => values('addresses'),
    listing: async (idOrIp) =>
      values('listings').find((listing) => names(listing, listing.id, idOrIp)) ?? null,
    listings: async () => values('listings'),
    holdingsOfAddress: async (idOrIp, at) => {
      const moment = at === undefined ? null : new Date(at).toISOString()
      return values('holdings')
        .filter((h) => names(h, h.addressId, idOrIp))
        .filter((h) => moment === null || (h.from <= moment && (h.to === '' || moment < h.to)))
        .sort(byTime)
    },
    holdingsOfClaim: async (key) =>
      values('holdings')
        .filter((h) => h.claim === key)
        .sort(byTime),
    guard: async (name) => world.guards.get(name) ?? emptyGuard(name),
    cluster: async () => world.cluster.get(clusterKey) ?? emptyCluster,
    dump: async (kind) => sorted(kind),
  }
}

function onPage(claims: Claim[], page: ClaimPage | undefined): Claim[] {
  return page ? claims.filter(({ key }) => key > page.after).slice(0, page.limit) : claims
}
