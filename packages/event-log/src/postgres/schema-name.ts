/** A schema name that was checked; used in SQL as `quoted`. */
export interface SchemaName {
  name: string
  quoted: string
}

/** Longest name: the notification channel with its prefix must stay within Postgres' 63 bytes. */
const pattern = /^[a-z_][a-z0-9_]{0,47}$/

/** @throws one sentence when the name is not lower-case letters, digits and underscores, or is Postgres' own */
export function schemaName(name: string): SchemaName {
  if (!pattern.test(name) || name.startsWith('pg_')) {
    throw new Error(
      `schema name ${JSON.stringify(name)} cannot be used: take up to 48 lower-case letters, digits and underscores, not beginning with a digit or pg_`,
    )
  }
  return { name, quoted: `"${name}"` }
}

/** The channel on which a log of this schema tells that it has grown. */
export function notificationChannel(schema: SchemaName): string {
  return `pod_eip_events_${schema.name}`
}

/** Puts the schema's name into SQL that is written with `:schema`. */
export function inSchema(sql: string, schema: SchemaName): string {
  return sql.replaceAll(/(?<!:):schema\b/g, schema.quoted)
}
