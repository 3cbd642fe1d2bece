import { Redis } from 'ioredis'
import pg from 'pg'
import { expect, test } from 'vitest'
import { createTestDatabase, redisUrlForTests, uniquePrefix } from './index.ts'

test('every test file gets an empty database of its own, and leaves none behind', async () => {
  const [one, two] = await Promise.all([createTestDatabase(), createTestDatabase()])
  const client = new pg.Client(one.url)
  await client.connect()
  await client.query(`create schema ${one.schema}`)
  await client.query(`create table ${one.schema}.t (id int)`)
  await client.end()

  const other = new pg.Client(two.url)
  await other.connect()
  const { rows } = await other.query('select to_regclass($1) as found', [`${one.schema}.t`])
  expect(two.url === one.url ? two.schema !== one.schema : rows[0].found === null).toBe(true)
  await other.end()

  await Promise.all([one.drop(), two.drop()])
  if (one.url !== two.url) await expect(new pg.Client(one.url).connect()).rejects.toThrow(/does not exist/)
})

test('the Redis for tests answers and refuses to evict', async () => {
  const redis = new Redis(await redisUrlForTests())
  const key = `${uniquePrefix()}:greeting`
  await redis.set(key, 'hello', 'EX', 60)
  expect(await redis.get(key)).toBe('hello')
  expect(await redis.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction'])
  redis.disconnect()
})
