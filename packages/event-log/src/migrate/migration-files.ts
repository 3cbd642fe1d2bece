import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface MigrationFile {
  /** File name without `.sql`, such as `0001_event_log`. */
  name: string
  /** SQL with `:schema` where the schema's name goes. */
  sql: string
  /** Hex SHA-256 of the text. */
  checksum: string
}

/** The folder `migrations` of this repository, or of an image, where this module is in a bundle. */
export const defaultMigrationsDir = nearest('migrations/0001_event_log.sql', import.meta.url)

const fileName = /^(\d{4}_[a-z0-9_]+)\.sql$/

/**
 * The migrations of a folder in order of their numbers.
 *
 * @throws one sentence when two have the same number or a file is named otherwise
 */
export async function readMigrations(dir: string): Promise<MigrationFile[]> {
  const migrations: MigrationFile[] = []
  const numbers = new Set<string>()
  for (const file of (await readdir(dir)).filter((f) => f.endsWith('.sql')).sort()) {
    const name = fileName.exec(file)?.[1]
    if (!name) throw new Error(`migration ${file} must be named like 0001_what_it_makes.sql`)
    const number = name.slice(0, 4)
    if (numbers.has(number)) throw new Error(`two migrations have the number ${number}: renumber one`)
    numbers.add(number)
    // A checkout may change the ends of lines; that is no change of the migration.
    const sql = (await readFile(join(dir, file), 'utf8')).replaceAll('\r\n', '\n')
    migrations.push({ name, sql, checksum: createHash('sha256').update(sql).digest('hex') })
  }
  return migrations
}

/** The folder of the file of this name that is nearest on the way up from a module. */
function nearest(file: string, moduleUrl: string): string {
  for (let folder = dirname(fileURLToPath(moduleUrl)); ; folder = dirname(folder)) {
    const path = join(folder, file)
    if (existsSync(path)) return dirname(path)
    if (folder === dirname(folder)) throw new Error(`there is no ${file} above ${fileURLToPath(moduleUrl)}`)
  }
}
