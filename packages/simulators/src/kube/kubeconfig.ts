import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { stringify } from 'yaml'

/** Writes a kubeconfig that leads to the API server at this address. Readable by its owner alone. */
export async function writeKubeconfig(path: string, url: string, token?: string): Promise<void> {
  const name = 'pod-eip-simulated'
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server: url } }],
    users: [{ name, user: token === undefined ? {} : { token } }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: 'default' } }],
    'current-context': name,
  }
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, stringify(config), { mode: 0o600 })
}
