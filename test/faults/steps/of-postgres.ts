import type { NameStatement } from '../wire/postgres-wire.ts'

/** What is written where, first match first. */
const written: readonly (readonly [RegExp, string])[] = [
  [/\.append\(/, 'append'],
  [/insert into \S*intent_runs/, 'lease'],
  [/update \S*intent_runs[\s\S]*finished_position = coalesce/, 'end of intent'],
  [/update \S*intent_runs set lease_until = clock_timestamp/, 'renewal of lease'],
  [/update \S*intent_runs[\s\S]*lease_until = null/, 'return of lease'],
  [/update \S*intent_runs/, 'record of call'],
  [/insert into \S*checkpoints/, 'checkpoint'],
  [/insert into \S*migrations/, 'migration'],
  [/insert into/, 'read models'],
]

/** Names what a service writes to Postgres, and the commit of it by what is in it. */
export const writesOfPostgres: NameStatement = (sql, before) => {
  if (/^commit/i.test(sql)) {
    if (before.length === 0) return null
    return `commit of ${before.includes('append') ? 'append' : before[0]}`
  }
  return written.find(([pattern]) => pattern.test(sql))?.[1] ?? null
}

const read = 'read'

/** The same, and every read, for a service that only reads. */
export const allOfPostgres: NameStatement = (sql, before) => {
  const writes = before.filter((step) => step !== read)
  return writesOfPostgres(sql, writes) ?? (/^select/i.test(sql) ? read : null)
}
