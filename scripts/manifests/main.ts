import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { renderAdmissionFiles } from './admission/render.ts'
import { renderManifests } from './render.ts'
import { renderSettingRules } from './settings/render.ts'

const root = join(import.meta.dirname, '..', '..')
// The chart reads the first two.
for (const render of [renderAdmissionFiles, renderSettingRules, () => renderManifests(root)]) {
  for (const [file, text] of render()) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
    process.stdout.write(`${file} is written anew from the chart and the code.\n`)
  }
}
