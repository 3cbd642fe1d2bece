import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createTestDatabase, redisUrlForTests } from '@pod-eip/devstack'
import { expect, test } from 'vitest'

const main = join(import.meta.dirname, 'main.ts')

/** What `npm run bench` prints, on the stores of the tests. */
async function bench(...options: string[]): Promise<string> {
  const database = await createTestDatabase()
  try {
    const stores = { DATABASE_URL: database.url, REDIS_URL: await redisUrlForTests() }
    const { stdout } = await promisify(execFile)(process.execPath, [main, ...options], {
      env: { ...process.env, ...stores },
    })
    return stdout
  } finally {
    await database.drop()
  }
}

// The figures of so little work mean nothing: what is asked is that each measurement comes to its end.

test('the stores are measured', async () => {
  const printed = await bench('--runs', '1', '--events', '20')
  for (const what of ['events appended', 'folded and decided', 'put on the queue', 'handled by one worker'])
    expect(printed).toContain(what)
})

test('a write storm on the publisher ends, with one request for each field of a claim', async () => {
  const printed = await bench('--publisher', '--claims', '20', '--qps', '200')
  for (const what of ['patch pods', 'patch pods/status', 'patch eipclaims', 'patch eipclaims/status'])
    expect(printed).toMatch(new RegExp(`${what} +per claim +1\\.00`))
})
