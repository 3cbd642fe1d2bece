import { type Holding, type ModelKind, type Models, modelKinds, type World } from '@pod-eip/domain'
import type { Queryable, SchemaName } from '@pod-eip/event-log'
import type { Needs } from '../project-batch.ts'

/** Reading and writing the records of the read models by key, within the projector's transaction. */
export interface ModelTables {
  /**
   * Puts the records that are needed into `world`, unless it has them already: what was folded is newer than what
   * the table says. `loaded` remembers what was read.
   */
  load(client: Queryable, needs: Needs, world: World, loaded: World): Promise<void>
  /** Removes all records. */
  clear(client: Queryable): Promise<void>
  /** Writes the records of `world` that are not those of `loaded`. */
  saveChanged(client: Queryable, world: World, loaded: World): Promise<void>
}

type Records = Map<string, Models[ModelKind]>

interface Row {
  key: string
  state: Models[ModelKind]
}

function take(kind: ModelKind, rows: Row[], world: World, loaded: World): void {
  for (const { key, state } of rows) {
    if (world[kind].has(key)) continue
    ;(world[kind] as Records).set(key, state)
    ;(loaded[kind] as Records).set(key, state)
  }
}

export function openModelTables(schema: SchemaName): ModelTables {
  const table = (kind: ModelKind) => `${schema.quoted}.${kind}`
  return {
    async load(client, { keys, claimsOfOwners, awake }, world, loaded) {
      for (const kind of modelKinds) {
        if (keys[kind].size === 0) continue
        const { rows } = await client.query<Row>(
          `select key, state from ${table(kind)} where key = any($1)`,
          [[...keys[kind]]],
        )
        take(kind, rows, world, loaded)
      }
      if (awake) {
        const { rows } = await client.query<Row>(
          `select key, state from ${table('claims')} where phase <> 'Released'
             or state->'surplus' <> '[]'::jsonb or state->'pod'->'ended' = 'null'::jsonb
           order by key collate "C"`,
        )
        take('claims', rows, world, loaded)
      }
      if (claimsOfOwners.size === 0) return
      const { rows } = await client.query<Row>(
        `select key, state from ${table('claims')} where owner_uid = any($1) order by key collate "C"`,
        [[...claimsOfOwners]],
      )
      take('claims', rows, world, loaded)
    },
    async clear(client) {
      for (const kind of modelKinds) await client.query(`delete from ${table(kind)}`)
    },
    async saveChanged(client, world, loaded) {
      for (const kind of modelKinds) {
        const changed = [...(world[kind] as Records)].filter(
          ([key, record]) => loaded[kind].get(key) !== record,
        )
        if (changed.length === 0) continue
        if (kind === 'holdings') changed.sort(endedFirst)
        await client.query(
          `insert into ${table(kind)} (key, state) select * from unnest($1::text[], $2::jsonb[])
           on conflict (key) do update set state = excluded.state`,
          [changed.map(([key]) => key), changed.map(([, record]) => JSON.stringify(record))],
        )
      }
    },
  }
}

/** A holding that ends is written before the next one on its address: the table refuses two at once. */
function endedFirst([, a]: [string, Models[ModelKind]], [, b]: [string, Models[ModelKind]]): number {
  return Number((a as Holding).to === '') - Number((b as Holding).to === '')
}
