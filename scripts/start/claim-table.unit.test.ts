import type { Claim } from '@pod-eip/domain'
import { expect, test } from 'vitest'
import { claimLine, claimTable } from './claim-table.ts'
import { claimOf } from './testing/claim-of.ts'

const wide = { columns: 120, rows: 30 }

test('a claim shows its phase, EIP, address, node and the beginning of its Pod', () => {
  expect(claimTable([claimOf('default/game-0')], wide)).toEqual([
    'CLAIM                 PHASE  EIP         ADDRESS     NODE      POD',
    'default/game-0        Bound  eip-game-0  198.18.0.1  10.0.0.4  0a1b2c3d',
  ])
})

test('what is not there yet is a dash', () => {
  const bound = claimOf('default/game-0')
  const pod = { ...bound.pod!, node: null }
  const pending: Claim = { ...bound, phase: 'Pending', address: null, binding: null, pod }
  expect(claimTable([pending], wide)[1]!.split(/ {2,}/)).toEqual([
    ...['default/game-0', 'Pending', '-', '-', '-', '0a1b2c3d'],
  ])
})

test('a retained claim has neither Pod nor node', () => {
  const bound = claimOf('default/game-0')
  const pod = { ...bound.pod!, ended: { reason: 'Deleted', at: '2026-01-31T12:00:00Z' } }
  const retained: Claim = { ...bound, phase: 'Retained', binding: null, pod }
  expect(claimTable([retained], wide)[1]!.split(/ {2,}/)).toEqual([
    ...['default/game-0', 'Retained', 'eip-game-0', '198.18.0.1', '-', '-'],
  ])
})

test('a narrow terminal loses the Pod, then the node, and the middle of long names', () => {
  const claims = [claimOf('default/crawler-fflkhclmmh-82n6n'), claimOf('default/crawler-fflkhclmmh-qlhrl')]
  for (const columns of [100, 80, 70, 60, 40]) {
    for (const line of claimTable(claims, { columns, rows: 30 }))
      expect(line.length).toBeLessThanOrEqual(columns)
  }
  const [head, first] = claimTable(claims, { columns: 60, rows: 30 })
  expect(head).not.toContain('POD')
  expect(first).toMatch(/^default\/.*….*82n6n /)
})

test('a problem stands below its claim, broken between words', () => {
  const problem = {
    reason: 'EipQuota',
    message: 'the account has no EIP left: ask for more, or release some',
  }
  const lines = claimTable([{ ...claimOf('default/game-0'), problem } as Claim], { columns: 40, rows: 30 })
  expect(lines.slice(2)).toEqual(['  ↳ the account has no EIP left: ask for', '    more, or release some'])
})

test('of more claims than fit, those on the move are shown and the rest is counted', () => {
  const claims = Array.from({ length: 40 }, (_, i) => claimOf(`default/game-${String(i).padStart(2, '0')}`))
  claims[37] = { ...claims[37]!, phase: 'Binding' }
  const lines = claimTable(claims, { columns: 100, rows: 12 })
  expect(lines).toHaveLength(12)
  expect(lines.filter((line) => line.includes('Binding'))).toHaveLength(1)
  expect(lines.at(-1)).toBe('… and 30 more: 30 Bound')
})

test('a line for where there is no terminal has the same facts', () => {
  expect(claimLine(claimOf('default/game-0')).split(/ {2,}/)).toEqual([
    ...['default/game-0', 'Bound', 'eip-game-0', '198.18.0.1', '10.0.0.4', '0a1b2c3d'],
  ])
})
