import type pg from 'pg'
import { inSchema, type SchemaName, schemaName } from '../postgres/schema-name.ts'
import { inTransaction, type Queryable } from '../postgres/transaction.ts'
import { defaultMigrationsDir, type MigrationFile, readMigrations } from './migration-files.ts'
import { serverFault } from './server-fault.ts'

export interface MigrateOptions {
  pool: pg.Pool
  /** POD_EIP_DATABASE_SCHEMA; made when missing. */
  schema: string
  /** Default: `migrations` of this repository. */
  migrationsDir?: string
}

/**
 * Brings a schema up to date: applies the migrations that it lacks, all or none. Safe to run by many at once
 * (they take turns) and as often as wanted. A migration that a newer pod-eip applied is left alone.
 *
 * @returns the names of those applied now
 * @throws one sentence when the server is too old or a migration was changed after it had been applied
 */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  const schema = schemaName(options.schema)
  const migrations = await readMigrations(options.migrationsDir ?? defaultMigrationsDir)
  return inTransaction(options.pool, async (client) => {
    await assertServer(client)
    // One lock for the whole database: schemas that are made at the same time share its extensions.
    await client.query(`select pg_advisory_xact_lock(hashtextextended('pod-eip migrate', 0))`)
    await prepare(client, schema)
    const applied = await appliedChecksums(client, schema)
    // Names without `:schema` mean this schema too; public is where extensions are shared by all schemas.
    await client.query(`set local search_path to ${schema.quoted}, public`)
    const missing = migrations.filter((migration) => isMissing(migration, applied, schema))
    for (const migration of missing) await apply(client, schema, migration)
    return missing.map((migration) => migration.name)
  })
}

async function assertServer(client: Queryable): Promise<void> {
  const { rows } = await client.query(
    `select current_setting('server_version_num')::integer as number, current_setting('server_version') as text`,
  )
  const fault = serverFault(rows[0].number, rows[0].text)
  if (fault) throw new Error(fault)
}

/** `create schema if not exists` wants the right to create one even where there is one already. */
async function prepare(client: Queryable, schema: SchemaName): Promise<void> {
  const { rows } = await client.query('select to_regnamespace($1) is not null as exists', [schema.quoted])
  if (!rows[0].exists) await client.query(`create schema ${schema.quoted}`)
  await client.query(
    `create table if not exists ${schema.quoted}.migrations (
       name text primary key,
       checksum text not null,
       applied_at timestamptz not null default clock_timestamp()
     )`,
  )
}

async function appliedChecksums(client: Queryable, schema: SchemaName): Promise<Map<string, string>> {
  const { rows } = await client.query(`select name, checksum from ${schema.quoted}.migrations`)
  return new Map(rows.map((row) => [row.name, row.checksum]))
}

function isMissing(migration: MigrationFile, applied: Map<string, string>, schema: SchemaName): boolean {
  const checksum = applied.get(migration.name)
  if (checksum === undefined) return true
  if (checksum === migration.checksum) return false
  throw new Error(
    `migration ${migration.name} was changed after schema ${schema.name} had it: restore the file and put the change into a new migration`,
  )
}

async function apply(client: Queryable, schema: SchemaName, migration: MigrationFile): Promise<void> {
  try {
    await client.query(inSchema(migration.sql, schema))
  } catch (error) {
    throw new Error(`migration ${migration.name} failed on schema ${schema.name}: ${messageOf(error)}`, {
      cause: error,
    })
  }
  await client.query(`insert into ${schema.quoted}.migrations (name, checksum) values ($1, $2)`, [
    migration.name,
    migration.checksum,
  ])
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
