import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { KubeObject } from '@pod-eip/kube'
import { parseAllDocuments } from 'yaml'

const root = join(import.meta.dirname, '../../..')

/** The folder of manifests for each way to run the services. */
export const manifestFolders = {
  separate: 'infra/manifests',
  'all-in-one': 'infra/manifests-all-in-one',
} as const

/** As processes of their own, or all five in one. */
export type Way = keyof typeof manifestFolders

/** Every object that a folder of manifests brings, as written there. */
export async function manifestsOf(way: Way): Promise<KubeObject[]> {
  const files = ['namespace.yaml', 'pod-eip.yaml', 'egress/rights.yaml'].map((name) =>
    join(root, manifestFolders[way], name),
  )
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')))
  return texts.flatMap((text) => parseAllDocuments(text).map((document) => document.toJS() as KubeObject))
}
