import { expect, test } from 'vitest'
import { picture } from './live-claims.ts'
import { heightOf } from './screen.ts'
import { claimOf } from './testing/claim-of.ts'

const setting = { simulated: true, dir: '.pod-eip' }
const claims = (count: number) => Array.from({ length: count }, (_, i) => claimOf(`default/game-${i}`))

test('the picture never takes more rows than the terminal has', () => {
  for (const columns of [40, 60, 80, 120]) {
    for (const rows of [10, 24, 50]) {
      for (const count of [0, 2, 40]) {
        const lines = picture(claims(count), setting, { columns, rows })
        const height = lines.reduce((sum, line) => sum + heightOf(line, columns), 0)
        expect(height, `${count} claims on ${columns} x ${rows}`).toBeLessThan(rows)
      }
    }
  }
})

test('many claims on a small terminal take the place of the next steps, but not of how to stop', () => {
  const lines = picture(claims(40), setting, { columns: 90, rows: 16 })
  expect(lines.join('\n')).not.toContain('Try next')
  expect(lines.at(-1)).toMatch(/^Ctrl-C stops/)
  expect(picture(claims(3), setting, { columns: 90, rows: 24 }).join('\n')).toContain('Try next')
})
