import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { renderAdmissionFiles } from './admission/render.ts'
import { renderDefinition } from './render.ts'
import { renderSettingRules } from './settings/render.ts'

const root = join(import.meta.dirname, '..', '..')
const written = (file: string) => readFile(join(root, file), 'utf8')

test.each([
  'infra/helm/pod-eip/crds/eipclaims.yaml',
  'infra/manifests/eipclaims.yaml',
  'infra/manifests-all-in-one/eipclaims.yaml',
])('%s has the EIPClaim definition of the code', async (file) =>
  expect(await written(file), 'run npm run manifests').toBe(renderDefinition()),
)

test('the chart has the settings as the services read them', async () => {
  for (const [file, text] of renderSettingRules()) {
    expect(await written(file), `${file}: run npm run manifests`).toBe(text)
  }
})

test('the chart has the policies of admission as the rules of domain make them', async () => {
  for (const [file, text] of renderAdmissionFiles()) {
    expect(await written(file), `${file}: run npm run manifests`).toBe(text)
  }
})
