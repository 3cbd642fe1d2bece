import type pg from 'pg'
import { schemaName } from '../postgres/schema-name.ts'
import { defaultMigrationsDir, readMigrations } from './migration-files.ts'

/** How a schema stands to the migrations of this build. */
export interface SchemaState {
  /** Name of the newest migration that it has; `null` when it has none, or is not there. */
  version: string | null
  /** Migrations of this build that it lacks. */
  missing: string[]
  /** Migrations that it has and this build does not know: a newer one made them. */
  newer: string[]
}

/** Looks at a schema and changes nothing. */
export async function schemaState(pool: pg.Pool, schema: string): Promise<SchemaState> {
  const { quoted } = schemaName(schema)
  const known = (await readMigrations(defaultMigrationsDir)).map((migration) => migration.name)
  const { rows } = await pool.query('select to_regclass($1) is not null as exists', [`${quoted}.migrations`])
  if (!rows[0].exists) return { version: null, missing: known, newer: [] }
  const found = await pool.query(`select name from ${quoted}.migrations order by name`)
  const applied = found.rows.map((row) => String(row.name))
  return {
    version: applied.at(-1) ?? null,
    missing: known.filter((name) => !applied.includes(name)),
    newer: applied.filter((name) => !known.includes(name)),
  }
}
