import { inTransaction, type Queryable } from '@pod-eip/event-log'
import type pg from 'pg'

/** A backup of everything in a schema, as it was at one moment. */
export interface Backup {
  /** Puts it back in place of what is there now. Nobody else may be connected. */
  restore(): Promise<void>
}

/** Backs a schema up into another one, as a dump would, while everybody goes on. */
export async function backUp(pool: pg.Pool, schema: string): Promise<Backup> {
  const kept = `${schema}_backup`
  const tables = await inTransaction(pool, async (client) => {
    await client.query('set transaction isolation level repeatable read')
    await client.query(`create schema ${kept}`)
    const found = await tablesOf(client, schema)
    for (const { name } of found)
      await client.query(`create table ${kept}.${name} as table ${schema}.${name}`)
    return found
  })
  return {
    restore: () =>
      inTransaction(pool, async (client) => {
        // As pg_restore does: what guards the log against its users is off meanwhile.
        await client.query('set local session_replication_role = replica')
        for (const { name, columns } of tables) {
          await client.query(`delete from ${schema}.${name}`)
          await client.query(
            `insert into ${schema}.${name} (${columns}) select ${columns} from ${kept}.${name}`,
          )
        }
      }),
  }
}

/** Tables with their columns, but for those that Postgres draws from others. */
async function tablesOf(client: Queryable, schema: string): Promise<{ name: string; columns: string }[]> {
  const { rows } = await client.query<{ name: string; columns: string }>(
    `select table_name as name, string_agg(quote_ident(column_name), ', ') as columns
     from information_schema.columns join information_schema.tables using (table_schema, table_name)
     where table_schema = $1 and table_type = 'BASE TABLE' and is_generated = 'NEVER'
     group by table_name`,
    [schema],
  )
  return rows
}
