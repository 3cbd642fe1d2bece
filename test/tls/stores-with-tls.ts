import { chmod, chown, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres, startEmbeddedValkey } from '@pod-eip/devstack'
import pg from 'pg'
import { type Authority, type Certified, createAuthority, writeTlsFolder } from './certificates.ts'
import { startTlsFront } from './tls-front.ts'

/** The password of each role; it may never be printed. */
const password = 'swordfish-7f3a'
/** Who may come within TLS only, who with a certificate only, and everybody else. */
const hostRules = `
hostssl all by_cert  all cert
hostssl all tls_only all scram-sha-256
host    all tls_only all reject
host    all all      all scram-sha-256
`

/** A Postgres and a Valkey whose certificates, for `localhost`, are of an authority that no system knows. */
export interface TlsStores {
  /** URL of the database as one of the roles, by `localhost` unless told, without words about TLS. */
  postgres(role: 'tls_only' | 'by_cert', host?: string): string
  /** URLs of Valkey: within TLS, within TLS with a client's certificate, within TLS that has expired, without TLS. */
  redis: { tls: string; byCert: string; expired: string; plain: string }
  /** Folders as Secrets of Kubernetes are mounted. */
  folders: { trusting: string; trustingWithOwn: string; trustingAnother: string; empty: string }
  /** As the database's superuser. */
  query(sql: string): Promise<Record<string, unknown>[]>
  /** What may not be printed. */
  secrets: string[]
  stop(): Promise<void>
}

export async function startTlsStores(): Promise<TlsStores> {
  const dir = await mkdtemp(join(tmpdir(), 'pod-eip-tls-'))
  await chmod(dir, 0o755)
  const [authority, another] = [await createAuthority('ours'), await createAuthority('another')]
  const server = await authority.certify('server', ['localhost'])
  const client = await authority.certify('by_cert')
  const settings = await serverSettings(dir, authority, server)
  const [postgres, valkey] = await Promise.all([
    startEmbeddedPostgres({ dataDir: join(dir, 'postgres'), throwAway: true, settings }),
    startEmbeddedValkey(),
  ])
  const admin = new pg.Pool({ connectionString: postgres.url, max: 1 })
  for (const role of ['tls_only', 'by_cert'])
    await admin.query(`create role ${role} superuser login password '${password}'`)

  const plain = new URL(valkey.url)
  const front = (own: Certified, more = {}) =>
    startTlsFront(Number(plain.port), { cert: own.certificate, key: own.key, ...more })
  const fronts = await Promise.all([
    front(server),
    front(server, { requestCert: true, rejectUnauthorized: true, ca: authority.certificate }),
    front(await authority.certify('server', ['localhost'], -1)),
  ])
  const [tls, byCert, expired] = fronts.map(
    ({ port }) => `rediss://:${plain.password}@localhost:${port}`,
  ) as [string, string, string]
  const empty = join(dir, 'empty')
  return {
    postgres(role, host = 'localhost') {
      const url = new URL(postgres.url)
      return Object.assign(url, { username: role, password, hostname: host }).href
    },
    redis: { tls, byCert, expired, plain: plain.href },
    folders: {
      trusting: await writeTlsFolder(join(dir, 'trusting'), authority),
      trustingWithOwn: await writeTlsFolder(join(dir, 'with-own'), authority, client),
      trustingAnother: await writeTlsFolder(join(dir, 'another'), another),
      empty,
    },
    query: async (sql) => (await admin.query(sql)).rows,
    secrets: [password, new URL(postgres.url).password, plain.password],
    async stop() {
      await admin.end()
      for (const one of fronts) one.close()
      await Promise.all([postgres.stop(), valkey.stop()])
      await rm(dir, { recursive: true, force: true })
    },
  }
}

/** Writes what Postgres reads at its start; as root, for the user that it runs as. */
async function serverSettings(dir: string, authority: Authority, own: Certified) {
  const files = {
    ssl_ca_file: join(dir, 'server-ca.crt'),
    ssl_cert_file: join(dir, 'server.crt'),
    ssl_key_file: join(dir, 'server.key'),
    hba_file: join(dir, 'hba.conf'),
  }
  await writeFile(files.ssl_ca_file, authority.certificate)
  await writeFile(files.ssl_cert_file, own.certificate)
  await writeFile(files.ssl_key_file, own.key, { mode: 0o600 })
  await writeFile(files.hba_file, hostRules)
  if (process.getuid?.() === 0) await chown(files.ssl_key_file, 65534, 65534)
  return { ssl: 'on', ...files }
}
