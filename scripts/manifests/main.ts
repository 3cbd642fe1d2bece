import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { renderManifests } from './render.ts'

const root = join(import.meta.dirname, '..', '..')
for (const [file, text] of renderManifests(root)) {
  writeFileSync(join(root, file), text)
  process.stdout.write(`${file} is written anew from the chart and the code.\n`)
}
