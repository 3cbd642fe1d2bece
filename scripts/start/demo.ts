import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Cluster, KubeObject, Resource } from '@pod-eip/kube'
import { parse } from 'yaml'

const apps = (plural: string, kind: string): Resource => ({
  group: 'apps',
  version: 'v1',
  plural,
  kind,
  namespaced: true,
})

/** Manifests of the documentation that are applied to the simulated cluster. */
const manifests: { file: string; resource: Resource }[] = [
  { file: 'statefulset-static-eip.yaml', resource: apps('statefulsets', 'StatefulSet') },
  { file: 'deployment-eip.yaml', resource: apps('deployments', 'Deployment') },
]

/** Applies the example workloads, unless they are there already: what the user changed stays. */
export async function applyDemo(cluster: Cluster, root: string): Promise<string[]> {
  const applied: string[] = []
  for (const { file, resource } of manifests) {
    const object = parse(await readFile(join(root, 'docs', 'examples', file), 'utf8')) as KubeObject
    const { name, namespace = 'default' } = object.metadata
    if (await cluster.get(resource, namespace, name)) continue
    await cluster.apply(resource, object, { fieldManager: 'npm-start' })
    applied.push(`${resource.kind.toLowerCase()}/${name}`)
  }
  return applied
}
