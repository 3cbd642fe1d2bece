import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { root } from '../mutants/root.ts'

test('whoever reads the log reads what a build before wrote in other schemas', () => {
  const options = [
    '--older-schemas',
    '--seeds',
    '5',
    '--seed',
    '1',
    '--threads',
    '1',
    '--shrink-seconds',
    '0',
  ]
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [`${root}test/simulation/main.ts`, ...options],
    { encoding: 'utf8' },
  )
  expect(stderr).not.toContain('Error')
  expect(stdout).toMatch(/^ +[1-9]\d* {2}event read that a build before wrote in another schema$/m)
  expect({ stdout, status }).toMatchObject({ status: 0 })
}, 60_000)
