import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { databaseSettings, redisSettings } from '@pod-eip/runtime'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { root } from '../e2e/harness/services.ts'

const text = readFileSync(join(root, 'docker-compose.yml'), 'utf8')

/** What of the Compose specification the file uses; anything else is a slip. */
const service = z.strictObject({
  image: z.string().regex(/^[a-z/]+:\d+$/),
  environment: z.record(z.string(), z.string()).default({}),
  command: z.array(z.string()).default([]),
  /** On this machine only: HOST-PORT to PORT. */
  ports: z.tuple([z.string().regex(/^127\.0\.0\.1:\d+:\d+$/)]),
  volumes: z.array(z.string().regex(/^[a-z]+:\/[a-z/]+$/)),
  healthcheck: z.strictObject({
    test: z.tuple([z.literal('CMD')]).rest(z.string()),
    interval: z.string().regex(/^\d+s$/),
    retries: z.int().positive(),
  }),
})
const compose = z
  .strictObject({
    services: z.strictObject({ postgres: service, valkey: service }),
    volumes: z.record(z.string(), z.null()),
  })
  .parse(parse(text))
const { postgres, valkey } = compose.services

/** What the comment tells to export. */
function exported(name: string): URL {
  const [, value] = new RegExp(`^# +export ${name}=(\\S+)`, 'm').exec(text)!
  return new URL(value!)
}

test('the URLs that it tells lead to what it starts', () => {
  const [database, redis] = [exported(databaseSettings.databaseUrl.env), exported(redisSettings.redisUrl.env)]
  expect(postgres.environment).toEqual({
    POSTGRES_USER: database.username,
    POSTGRES_PASSWORD: database.password,
    POSTGRES_DB: database.pathname.slice(1),
  })
  expect(postgres.ports).toEqual([`${database.host}:5432`])
  expect(valkey.ports).toEqual([`${redis.host}:6379`])
})

test('they are new enough, and Valkey drops no jobs', () => {
  const version = ({ image }: { image: string }) => Number(image.split(':')[1])
  expect(version(postgres)).toBeGreaterThanOrEqual(15)
  expect(version(valkey)).toBeGreaterThanOrEqual(7)
  const at = valkey.command.indexOf('--maxmemory-policy')
  expect(valkey.command[at + 1]).toBe('noeviction')
})

test('what they keep is in volumes that are declared', () => {
  const used = [postgres, valkey].flatMap(({ volumes }) => volumes.map((volume) => volume.split(':')[0]))
  expect(used.sort()).toEqual(Object.keys(compose.volumes).sort())
})
