import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { renderManifests } from './render.ts'

const root = join(import.meta.dirname, '..', '..')

// It takes helm, which is among the programs of a real cluster.
test('the manifests are what the chart makes', async () => {
  for (const [file, text] of renderManifests(root)) {
    expect(await readFile(join(root, file), 'utf8'), `${file}: run npm run manifests`).toBe(text)
  }
})
