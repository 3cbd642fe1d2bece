import { expect, test } from 'vitest'
import { durationSetting } from './duration-setting.ts'

const bounded = durationSetting({ minMs: 10_000, maxMs: 86_400_000 }, '5m')

test.each([
  [undefined, 300_000],
  ['10s', 10_000],
  ['24h', 86_400_000],
  ['1h30m', 5_400_000],
])('%s is %s ms', (text, ms) => {
  expect(bounded.parse(text)).toBe(ms)
})

test.each(['9s', '24h1s', '5', 'soon', ''])('%j is refused with the bounds', (text) => {
  expect(bounded.safeParse(text).error?.issues).toMatchObject([
    { message: 'not a Go duration from 10s to 24h' },
  ])
})

test('without a longest it says the shortest alone', () => {
  const open = durationSetting({ minMs: 60_000 }, '15m')
  expect(open.parse('1000h')).toBe(3_600_000_000)
  expect(open.safeParse('59s').error?.issues).toMatchObject([{ message: 'not a Go duration of at least 1m' }])
})
