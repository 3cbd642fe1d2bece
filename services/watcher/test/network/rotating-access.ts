import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ClusterAccess, kubeConfigAccess } from '@pod-eip/kube'

/** A kubeconfig that is written anew, as a cloud's tools do before its token expires. */
export interface RotatingAccess {
  access: ClusterAccess
  rotate(token: string): Promise<void>
  remove(): Promise<void>
}

export async function rotatingAccess(server: string, first: string): Promise<RotatingAccess> {
  const directory = await mkdtemp(join(tmpdir(), 'pod-eip-token-'))
  const path = join(directory, 'kubeconfig')
  const name = 'test'
  const write = (token: string) =>
    writeFile(
      path,
      JSON.stringify({
        clusters: [{ name, cluster: { server } }],
        users: [{ name, user: { token } }],
        contexts: [{ name, context: { cluster: name, user: name } }],
        'current-context': name,
      }),
    )
  await write(first)
  return {
    access: await kubeConfigAccess({ path }),
    rotate: write,
    remove: () => rm(directory, { recursive: true }),
  }
}
