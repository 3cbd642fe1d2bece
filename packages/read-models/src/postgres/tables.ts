import type { Models } from '@pod-eip/domain'
import { type Generated, Kysely, PostgresDialect } from 'kysely'
import type pg from 'pg'

/** A read-model table as migration 0010 makes it: the record, and columns that Postgres draws from it. */
interface ModelTable<T> {
  key: string
  state: T
  position: Generated<string>
}

/** The read-model tables. */
export interface Tables {
  claims: ModelTable<Models['claims']> & {
    namespace: Generated<string>
    phase: Generated<string>
    address_id: Generated<string | null>
    public_ip: Generated<string | null>
    owner_uid: Generated<string | null>
  }
  nodes: ModelTable<Models['nodes']>
  owners: ModelTable<Models['owners']>
  addresses: ModelTable<Models['addresses']> & { public_ip: Generated<string>; claim: Generated<string> }
  listings: ModelTable<Models['listings']> & { public_ip: Generated<string> }
  intents: ModelTable<Models['intents']> & {
    claim: Generated<string>
    status: Generated<string>
    decided: Generated<string>
  }
  holdings: ModelTable<Models['holdings']> & {
    address_id: Generated<string>
    public_ip: Generated<string>
    claim: Generated<string>
    during: Generated<string>
  }
  guards: ModelTable<Models['guards']>
  cluster: ModelTable<Models['cluster']>
  checkpoints: { name: string; position: string }
}

/** Kysely over a pool, in the schema of this cluster. */
export function openTables(pool: pg.Pool, schema: string): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }).withSchema(schema)
}
