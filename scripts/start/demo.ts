import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Cluster, KubeObject, Resource } from '@pod-eip/kube'
import { parse } from 'yaml'
import type { DataDir } from './data-dir.ts'

const apps = (plural: string, kind: string): Resource => ({
  group: 'apps',
  version: 'v1',
  plural,
  kind,
  namespaced: true,
})

/** Manifests of the documentation that are applied to the simulated cluster. */
const manifests: { file: string; resource: Resource }[] = [
  { file: 'docs/examples/statefulset-static-eip.yaml', resource: apps('statefulsets', 'StatefulSet') },
  { file: 'docs/examples/deployment-eip.yaml', resource: apps('deployments', 'Deployment') },
]

/** Applies the example workloads to a new cluster, once: later they are the user's, to change or delete. */
export async function applyDemo(
  cluster: Cluster,
  root: string,
  dir: DataDir,
): Promise<{ what: string; file: string }[]> {
  const marker = dir.file('examples-applied')
  if (existsSync(marker)) return []
  const applied = []
  for (const { file, resource } of manifests) {
    const object = parse(await readFile(join(root, file), 'utf8')) as KubeObject
    await cluster.apply(resource, asKubectlApplies(object), { fieldManager: 'kubectl', force: true })
    applied.push({ what: `${resource.kind} ${object.metadata.name}`, file })
  }
  await writeFile(marker, '')
  return applied
}

/** With what `kubectl apply` notes, so that the user's own apply of the changed file goes on from here. */
function asKubectlApplies(object: KubeObject): KubeObject {
  const { metadata } = object
  const last = { 'kubectl.kubernetes.io/last-applied-configuration': `${JSON.stringify(object)}\n` }
  return { ...object, metadata: { ...metadata, annotations: { ...metadata.annotations, ...last } } }
}
