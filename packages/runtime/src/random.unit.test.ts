import { describe, expect, test } from 'vitest'
import { seededIds, seededRandom, systemIds, systemRandom } from './random.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

describe.each([
  ['of the system', systemRandom, systemIds],
  ['from a seed', seededRandom(1), seededIds(seededRandom(2))],
])('randomness %s', (_, random, ids) => {
  test('is at least 0 and less than 1', () => {
    for (let i = 0; i < 1_000; i++) {
      const drawn = random.next()
      expect(drawn).toBeGreaterThanOrEqual(0)
      expect(drawn).toBeLessThan(1)
    }
  })

  test('gives identifiers that do not repeat', () => {
    const drawn = Array.from({ length: 1_000 }, () => ids.next())
    expect(new Set(drawn).size).toBe(1_000)
    for (const id of drawn) expect(id).toMatch(uuid)
  })
})

test('a seed repeats exactly, and seeds differ', () => {
  const draw = (seed: number) => Array.from({ length: 5 }, seededRandom(seed).next)
  expect(draw(7)).toEqual(draw(7))
  expect(draw(7)).not.toEqual(draw(8))
})
