import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createAuthority } from '../tls/certificates.ts'
import { startTlsFront } from '../tls/tls-front.ts'

/** How a process finds the API server when it runs in a Pod: a kubeconfig would load libraries that no Pod loads. */
export interface PodView {
  /** Runs a command where a Pod's service account stands, in a file system of its own. */
  wrapper: string[]
  env: Record<string, string>
  close(): void
}

const runInPod = `
mount -t tmpfs none /run
mkdir -p /run/secrets/kubernetes.io
cp -r "$1" /run/secrets/kubernetes.io/serviceaccount
shift
exec "$@"
`

/**
 * @param apiServer URL of an API server without TLS
 * @param dir folder for the service account
 */
export async function asInPod(apiServer: string, dir: string): Promise<PodView> {
  const authority = await createAuthority('cluster')
  const own = await authority.certify('kube-apiserver', ['127.0.0.1'])
  const front = await startTlsFront(Number(new URL(apiServer).port), { key: own.key, cert: own.certificate })
  const account = join(dir, 'serviceaccount')
  await mkdir(account)
  await writeFile(join(account, 'ca.crt'), authority.certificate)
  await writeFile(join(account, 'token'), 'a-token')
  return {
    wrapper: ['unshare', '--mount', '--map-root-user', 'sh', '-euc', runInPod, 'sh', account],
    env: { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: String(front.port) },
    close: () => front.close(),
  }
}
