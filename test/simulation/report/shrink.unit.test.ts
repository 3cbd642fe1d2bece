import { expect, test } from 'vitest'
import type { SeedReport, Telling } from '../run-seed.ts'
import { shrink } from './shrink.ts'

/** A story in which I2 breaks when both happen that must, and I9 when only one does. */
function teller(happens: string[], must: string[]) {
  let told = 0
  const tell = async (_seed: number, { only }: Telling) => {
    told += 1
    const happened = happens.filter((name) => only?.has(name) ?? true)
    const met = must.filter((name) => happened.includes(name)).length
    const violations = met === must.length ? ['I2 at rest: twice'] : met > 0 ? ['I9 at rest: silent'] : []
    return { seed: 1, happened, violations } as unknown as SeedReport
  }
  return { tell, told: () => told }
}

const many = Array.from({ length: 400 }, (_, i) => `moment ${i}`)
const kills = Array.from({ length: 100 }, (_, i) => `worker killed before x @ worker-0 x #${i}`)

test('a story shrinks to what breaks the rule, and no further', async () => {
  const must = ['moment 3', 'worker killed before x @ worker-0 x #42', 'moment 250']
  const { tell, told } = teller([...many.slice(0, 200), ...kills, ...many.slice(200)], must)
  const shortest = await shrink(await tell(1, {}), () => true, tell)
  expect(shortest.happened.toSorted()).toEqual(must.toSorted())
  expect(shortest.violations).toEqual(['I2 at rest: twice'])
  expect(told()).toBeLessThan(200)
})

test('a story that takes nothing shrinks to nothing', async () => {
  const { tell } = teller(many, [])
  expect((await shrink(await tell(1, {}), () => true, tell)).happened).toEqual([])
})

test('it ends when it has taken long enough, with the shortest so far', async () => {
  const { tell } = teller(many, ['moment 3'])
  let left = 5
  const shortest = await shrink(await tell(1, {}), () => left-- > 0, tell)
  expect(shortest.happened).toContain('moment 3')
  expect(shortest.happened.length).toBeGreaterThan(1)
})
