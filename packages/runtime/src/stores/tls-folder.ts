import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SettingsError } from '../settings.ts'

/** Files of a folder as a Secret of Kubernetes is mounted: `ca.crt`, and `tls.crt` with `tls.key`. */
const files = { sslrootcert: 'ca.crt', sslcert: 'tls.crt', sslkey: 'tls.key' } as const

/**
 * The database's URL with what a connection needs for TLS, in the words of Postgres' own clients: `sslmode`,
 * `sslrootcert`, `sslcert`, `sslkey`. What the URL says itself stays. With a folder TLS is meant, and `verify-full`;
 * `require` and `verify-ca` are that, too, as the client has them today.
 * @throws SettingsError when the folder lacks a file, or the URL wants no TLS
 */
export function databaseAddress(settings: {
  databaseUrl: string
  databaseTlsDir?: string | undefined
}): string {
  const url = new URL(settings.databaseUrl)
  const mode = url.searchParams.get('sslmode')
  if (settings.databaseTlsDir !== undefined) {
    if (mode === 'disable')
      throw new SettingsError(
        'POD_EIP_DATABASE_TLS_DIR is set, and DATABASE_URL says sslmode=disable: take one of them away.',
      )
    addFiles(url, settings.databaseTlsDir, 'POD_EIP_DATABASE_TLS_DIR (--database-tls-dir)')
  }
  const verified = ['require', 'verify-ca', 'prefer'].includes(mode ?? '')
  if (verified || (mode === null && url.searchParams.has('sslrootcert')))
    url.searchParams.set('sslmode', 'verify-full')
  assertReadable(url, 'DATABASE_URL')
  return unchanged(url, settings.databaseUrl)
}

/**
 * The same for Redis, whose URL takes `sslrootcert`, `sslcert` and `sslkey` here as that of Postgres does.
 * @throws SettingsError when the folder lacks a file, or the URL is without TLS
 */
export function redisAddress(settings: { redisUrl: string; redisTlsDir?: string | undefined }): string {
  const url = new URL(settings.redisUrl)
  if (settings.redisTlsDir !== undefined)
    addFiles(url, settings.redisTlsDir, 'POD_EIP_REDIS_TLS_DIR (--redis-tls-dir)')
  if (url.protocol === 'redis:' && Object.keys(files).some((name) => url.searchParams.has(name)))
    throw new SettingsError(
      'REDIS_URL begins with redis://, and there are certificates for it: write rediss:// for TLS, or take them away.',
    )
  assertReadable(url, 'REDIS_URL')
  return unchanged(url, settings.redisUrl)
}

/** To the letter what was given, where nothing came to it. */
function unchanged(url: URL, given: string): string {
  return url.search === new URL(given).search ? given : url.href
}

function addFiles(url: URL, folder: string, setting: string): void {
  const there = Object.entries(files).filter(([, file]) => existsSync(join(folder, file)))
  const names = there.map(([, file]) => file)
  if (names.length === 0 || names.includes('tls.crt') !== names.includes('tls.key'))
    throw new SettingsError(
      `${setting} is ${JSON.stringify(folder)}: there must be ca.crt, or tls.crt with tls.key, or all three; there is ${names.join(', ') || 'none of them'}.`,
    )
  for (const [parameter, file] of there)
    if (!url.searchParams.has(parameter)) url.searchParams.set(parameter, join(folder, file))
}

function assertReadable(url: URL, variable: string): void {
  for (const parameter of Object.keys(files)) {
    const path = url.searchParams.get(parameter)
    if (path === null) continue
    try {
      readFileSync(path)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      const why = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`
      throw new SettingsError(`${parameter} of ${variable} is ${JSON.stringify(path)}: ${why}.`)
    }
  }
}
