import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { assetsOfTests, findAssets } from './assets.ts'

let folder: string

function program(...path: string[]): string {
  const file = join(folder, ...path)
  writeFileSync(file, '')
  chmodSync(file, 0o755)
  return file
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pod-eip-assets-'))
  for (const name of ['assets', 'path']) mkdirSync(join(folder, name))
  for (const name of ['etcd', 'kube-apiserver']) program('assets', name)
})
afterAll(() => rmSync(folder, { recursive: true }))

test('without a folder, all that it should hold is named, and where it comes from', () => {
  expect(() => findAssets(assetsOfTests, {})).toThrow(
    'KUBEBUILDER_ASSETS is not set: let it name a folder with etcd, kube-apiserver, kube-controller-manager, kube-scheduler, kwok, helm and kubeconform ("setup-envtest use -p path" brings',
  )
})

test('in a folder of setup-envtest, what is missing is named', () => {
  const KUBEBUILDER_ASSETS = join(folder, 'assets')
  expect(findAssets(['etcd', 'kube-apiserver'], { KUBEBUILDER_ASSETS })('etcd')).toBe(
    join(KUBEBUILDER_ASSETS, 'etcd'),
  )
  expect(() => findAssets(assetsOfTests, { KUBEBUILDER_ASSETS })).toThrow(
    `KUBEBUILDER_ASSETS is ${KUBEBUILDER_ASSETS}, which lacks kube-controller-manager, kube-scheduler, kwok, helm and kubeconform: put them there`,
  )
  expect(() => findAssets(['kwok'], { KUBEBUILDER_ASSETS })).toThrow('which lacks kwok: put it there')
})

test('helm is also taken from the PATH, a control plane is not', () => {
  const helm = program('path', 'helm')
  program('path', 'kwok')
  const env = { PATH: join(folder, 'path') }
  expect(findAssets(['helm'], env)('helm')).toBe(helm)
  expect(() => findAssets(['kwok'], env)).toThrow('not set')
})
