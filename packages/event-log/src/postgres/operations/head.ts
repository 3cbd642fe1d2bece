import type { SchemaName } from '../schema-name.ts'
import type { Queryable } from '../transaction.ts'

/** Position of the newest event; with `lock`, nobody else appends until the transaction ends. */
export async function head(client: Queryable, schema: SchemaName, lock: boolean): Promise<number> {
  const { rows } = await client.query(
    `select position from ${schema.quoted}.log_head where id = 1 ${lock ? 'for update' : ''}`,
  )
  return Number(rows[0].position)
}
