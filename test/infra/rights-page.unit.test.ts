import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { neededRights } from '@pod-eip/eipctl'
import { expect, test } from 'vitest'
import { granted } from '../e2e/harness/service-accounts.ts'
import { root } from '../e2e/harness/services.ts'

test('what the manifests let watcher and publisher do is what the page says', async () => {
  const page = await readFile(join(root, 'docs/operating.md'), 'utf8')
  const [section] = page.split('\n## Rights in the cluster\n')[1]!.split('\n## ')
  const rows = section!.split('\n').filter((line) => line.startsWith('| ') && line.includes('`'))
  const documented = (column: number) =>
    rows.flatMap((row) => {
      const cells = row.split('|').map((cell) => cell.trim())
      const resources = [...cells[1]!.matchAll(/`([^`]+)`/g)].map(([, name]) => name)
      const verbs = cells[column]!.split(', ').filter(Boolean)
      return resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource}`))
    })
  expect(documented(2).sort()).toEqual((await granted('watcher')).sort())
  expect(documented(3).sort()).toEqual((await granted('publisher')).sort())
})

test('what doctor takes for necessary is granted', async () => {
  expect(await granted('watcher')).toEqual(expect.arrayContaining([...neededRights.watcher]))
  expect(await granted('publisher')).toEqual(expect.arrayContaining([...neededRights.publisher]))
})
