import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger, databaseSettings, readSettings, redisSettings, storeError } from '@pod-eip/runtime'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { hostileJson, hostileTexts, unprintable } from './hostile-text.ts'

const dir = mkdtempSync(join(tmpdir(), 'pod-eip-secrets-'))
afterAll(() => rmSync(dir, { recursive: true }))

/** What people choose as passwords, and some put into URLs as it is. */
const password = fc
  .string({ unit: fc.constantFrom(...'abcdefXYZ0123456789!$&*+,;=-._~@:/'), minLength: 10, maxLength: 30 })
  .filter((word) => !/^[@:/]|@$/.test(word))

/** Everything that was logged. */
function logged(log: (logger: ReturnType<typeof createLogger>) => void): string {
  const logFile = join(dir, 'log')
  rmSync(logFile, { force: true })
  log(createLogger('worker', { logLevel: 'trace', logFile }))
  return readFileSync(logFile, 'utf8')
}

/** Places in which a secret comes to be logged. */
const places: Record<string, (secret: string) => unknown> = {
  'the message of an error': (secret) => new Error(`no way to postgres://me:${secret}@db:5432/x`),
  'a URL of Redis': (secret) => ({ url: `redis://:${secret}@cache:6379/0` }),
  'a field of an error': (secret) => Object.assign(new Error('no'), { config: { password: secret } }),
  'headers of a request': (secret) => ({
    request: { headers: { Authorization: secret, 'X-TC-Token': secret } },
  }),
  'a credential': (secret) => ({ credential: { secretId: secret, secretKey: secret, token: secret } }),
  'a list': (secret) => [{ a: [{ connectionString: secret }] }],
  'a token in a sentence': (secret) => `sent with Bearer ${secret.replace(/[^\w]/g, 'x')} to the server`,
}

test.each(Object.entries(places))('a secret in %s is in no log', (_, place) => {
  fc.assert(
    fc.property(password, (secret) => {
      const words = secret.replace(/[^\w]/g, 'x')
      const text = logged((logger) => {
        logger.error({ err: place(secret), about: { it: place(secret) } }, 'failed')
      })
      expect(text).toContain('failed')
      expect(text).not.toContain(secret)
      expect(text).not.toContain(words)
    }),
    { numRuns: 50 },
  )
})

test('a secret in the words of the message itself is in no log', () => {
  fc.assert(
    fc.property(password, (secret) => {
      const text = logged((logger) => logger.warn({ a: 1 }, `no way to postgres://me:${secret}@db/x`))
      expect(text).not.toContain(secret)
    }),
    { numRuns: 50 },
  )
})

test('a setting that is wrong is named without the password in it', () => {
  fc.assert(
    fc.property(password, fc.constantFrom('mysql', 'postgres', 'http', 'redis', ''), (secret, scheme) => {
      for (const [settings, variable] of [
        [databaseSettings, 'DATABASE_URL'],
        [redisSettings, 'REDIS_URL'],
      ] as const) {
        const address = `${scheme}://me:${secret}@host:99999999/x`
        let told = ''
        try {
          readSettings(settings as never, { [variable]: address, POD_EIP_CLUSTER_ID: 'cls-1' })
        } catch (error) {
          told = `${error} ${(error as Error).stack}`
        }
        expect(told).not.toContain(secret)
      }
    }),
    { numRuns: 100 },
  )
})

test('what a store says is told without the password', () => {
  fc.assert(
    fc.property(password, (secret) => {
      const url = new URL('postgres://host:5432/x')
      url.password = secret
      const { message } = storeError(new Error('it is full'), 'Postgres', 'DATABASE_URL', url.href)
      expect(message).not.toContain(secret)
      expect(message).not.toContain(url.password)
    }),
  )
})

test('whatever is logged is one line of JSON of bounded length, without what a terminal acts on', () => {
  fc.assert(
    fc.property(fc.oneof(hostileJson(), fc.constantFrom(...Object.values(hostileTexts))), (value) => {
      const lines = logged((logger) => logger.info({ value }, (JSON.stringify(value) ?? '').slice(0, 50)))
      expect(lines.trimEnd().split('\n')).toHaveLength(1)
      expect(lines.length).toBeLessThan(2 * 1024 * 1024)
      expect(lines.trimEnd()).not.toMatch(unprintable)
      JSON.parse(lines)
    }),
    { numRuns: 150 },
  )
})
