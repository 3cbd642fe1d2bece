import { clusterKey, emptyCluster, emptyGuard, type ModelKind, type Models } from '@pod-eip/domain'
import { sql } from 'kysely'
import type pg from 'pg'
import { projectorCheckpoint } from '../projection-store.ts'
import type { ClaimPage, ReadModels } from '../read-models.ts'
import { openTables } from './tables.ts'

/** The read models in Postgres. The pool stays its owner's. */
export function createPostgresReadModels(pool: pg.Pool, schema: string): ReadModels {
  const db = openTables(pool, schema)

  async function one<K extends ModelKind>(kind: K, key: string): Promise<Models[K] | null> {
    const row = await db
      .selectFrom(kind as 'claims')
      .select('state')
      .where('key', '=', key)
      .executeTakeFirst()
    return (row?.state as Models[K] | undefined) ?? null
  }
  async function all<K extends ModelKind>(kind: K): Promise<[string, Models[K]][]> {
    const rows = await db
      .selectFrom(kind as 'claims')
      .select(['key', 'state'])
      .orderBy(sql`key collate "C"`)
      .execute()
    return rows.map((r) => [r.key, r.state as Models[K]])
  }
  async function changedAfter<K extends 'claims' | 'nodes'>(kind: K, position: number, limit: number) {
    const rows = await db
      .selectFrom(kind as 'claims')
      .select('state')
      .where('position', '>', String(position))
      .orderBy('position')
      .limit(limit)
      .execute()
    return rows.map((r) => r.state as Models[K])
  }
  const states = <T>(rows: { state: T }[]) => rows.map((r) => r.state)
  function claimsInOrder(page: ClaimPage | undefined) {
    const query = db.selectFrom('claims').select('state').orderBy(sql`key collate "C"`)
    return page ? query.where(sql<boolean>`key collate "C" > ${page.after}`).limit(page.limit) : query
  }

  return {
    async position() {
      const row = await db
        .selectFrom('checkpoints')
        .select('position')
        .where('name', '=', projectorCheckpoint)
        .executeTakeFirst()
      return Number(row?.position ?? 0)
    },
    claim: (key) => one('claims', key),
    async claims({ namespace, open, live, owner } = {}, page) {
      let query = claimsInOrder(page)
      if (namespace !== undefined) query = query.where('namespace', '=', namespace)
      if (open) query = query.where('phase', '<>', 'Released')
      if (live) {
        const ended = sql`state->'pod'->'ended'`
        query = query.where(sql<boolean>`(${ended} = 'null'::jsonb or ${ended}->>'reason' = 'Missed')`)
      }
      if (owner !== undefined) query = query.where('owner_uid', '=', owner)
      return states(await query.execute())
    },
    async claimsOfLivingOwners(page) {
      return states(
        await claimsInOrder(page)
          .where('phase', '<>', 'Released')
          .where('owner_uid', 'is not', null)
          .where(({ not, exists, selectFrom }) =>
            not(exists(selectFrom('owners').select('owners.key').whereRef('owners.key', '=', 'owner_uid'))),
          )
          .execute(),
      )
    },
    async expiringClaims() {
      const until = sql<string | null>`state->'retained'->>'until'`
      return states(
        await db
          .selectFrom('claims')
          .select('state')
          .where('phase', '=', 'Retained')
          .where(until, 'is not', null)
          .orderBy(until)
          .execute(),
      )
    },
    claimsChangedAfter: (position, limit) => changedAfter('claims', position, limit),
    node: (name) => one('nodes', name),
    nodes: async () => (await all('nodes')).map(([, node]) => node),
    owner: (uid) => one('owners', uid),
    nodesChangedAfter: (position, limit) => changedAfter('nodes', position, limit),
    intent: (id) => one('intents', id),
    async openIntents() {
      return states(
        await db
          .selectFrom('intents')
          .select('state')
          .where('status', '<>', 'done')
          .orderBy('decided')
          .execute(),
      )
    },
    async intentOfAllocation(allocationId) {
      const row = await db
        .selectFrom('intents')
        .select('state')
        .where(sql<boolean>`state->>'action' = 'allocate'`)
        .where(sql<boolean>`state->'order'->'data'->>'allocationId' = ${allocationId}`)
        .executeTakeFirst()
      return row?.state ?? null
    },
    async everBoundTo(claim, privateIp) {
      const row = await db
        .selectFrom('intents')
        .select('key')
        .where('claim', '=', claim)
        .where(sql<boolean>`state->>'action' = 'associate'`)
        .where(sql<boolean>`state->'order'->'data'->>'privateIp' = ${privateIp}`)
        .limit(1)
        .executeTakeFirst()
      return row !== undefined
    },
    async address(idOrIp) {
      const row = await db
        .selectFrom('addresses')
        .select('state')
        .where((eb) => eb.or([eb('key', '=', idOrIp), eb('public_ip', '=', idOrIp)]))
        .orderBy('position', 'desc')
        .limit(1)
        .executeTakeFirst()
      return row?.state ?? null
    },
    addresses: async () => (await all('addresses')).map(([, address]) => address),
    async listing(idOrIp) {
      const row = await db
        .selectFrom('listings')
        .select('state')
        .where((eb) => eb.or([eb('key', '=', idOrIp), eb('public_ip', '=', idOrIp)]))
        .limit(1)
        .executeTakeFirst()
      return row?.state ?? null
    },
    listings: async () => (await all('listings')).map(([, listing]) => listing),
    async holdingsOfAddress(idOrIp, at) {
      let query = db
        .selectFrom('holdings')
        .select('state')
        .where((eb) => eb.or([eb('address_id', '=', idOrIp), eb('public_ip', '=', idOrIp)]))
        .orderBy(sql`lower(during)`)
      if (at !== undefined) query = query.where(sql<boolean>`during @> ${at}::timestamptz`)
      return states(await query.execute())
    },
    async holdingsOfClaim(key) {
      return states(
        await db
          .selectFrom('holdings')
          .select('state')
          .where('claim', '=', key)
          .orderBy(sql`lower(during)`)
          .execute(),
      )
    },
    guard: async (name) => (await one('guards', name)) ?? emptyGuard(name),
    cluster: async () => (await one('cluster', clusterKey)) ?? emptyCluster,
    dump: all,
  }
}
