import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { conditionsPage } from './conditions-page.ts'

test('docs/conditions.md is what the code says; npm run docs writes it anew', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/conditions.md'), 'utf8')
  expect(page).toBe(conditionsPage())
})

test('each piece of a sentence stands in a table without breaking it', () => {
  for (const line of conditionsPage()
    .split('\n')
    .filter((l) => l.startsWith('| '))) {
    expect(line).not.toMatch(/undefined|\.\.|\. \|/)
  }
})
