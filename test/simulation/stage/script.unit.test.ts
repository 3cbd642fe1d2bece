import { expect, test } from 'vitest'
import { createScript } from './script.ts'

test('what is drawn for a name depends on seed and name alone', () => {
  const [one, other, next] = [createScript(7), createScript(7), createScript(8)]
  one.chance('something else')
  one.happens('something else')
  expect(one.chance('a call #1')).toBe(other.chance('a call #1'))
  expect(one.source('a part').next()).toBe(other.source('a part').next())
  expect(one.chance('a call #1')).not.toBe(one.chance('a call #2'))
  expect(one.chance('a call #1')).not.toBe(next.chance('a call #1'))
})

test('numbers of names that differ little are spread evenly', () => {
  const script = createScript(1_000_000_007)
  const counts = Array.from({ length: 10 }, () => 0)
  for (let i = 0; i < 10_000; i++) counts[Math.floor(script.chance(`worker-0 log.append #${i}`) * 10)]! += 1
  for (const count of counts) {
    expect(count).toBeGreaterThan(850)
    expect(count).toBeLessThan(1_150)
  }
})

test('a story told with only some things leaves out the others and remembers what happened', () => {
  const script = createScript(7, new Set(['a', 'c']))
  expect(['a', 'b', 'c'].map((name) => script.happens(name))).toEqual([true, false, true])
  expect(script.happened).toEqual(['a', 'c'])
  script.takeBack()
  expect(script.happened).toEqual(['a'])
})
