const oldestServer = 15

/** Why a server cannot be used; `null` when it can. `number` is its `server_version_num`, such as 150004. */
export function serverFault(number: number, version: string): string | null {
  if (number >= oldestServer * 10_000) return null
  return `Postgres ${version} is too old: pod-eip needs ${oldestServer} or newer, upgrade it or point DATABASE_URL elsewhere`
}
