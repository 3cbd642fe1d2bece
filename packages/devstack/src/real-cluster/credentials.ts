import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The identities that the control plane knows, each with its token. */
export interface ClusterTokens {
  admin: string
  controllerManager: string
  scheduler: string
  user: string
}

/** Somebody who has no rights but those that he is given. */
export const userName = 'user'

/** Files that the programs are started with. */
export interface CredentialFiles {
  tokens: ClusterTokens
  tokenFile: string
  serviceAccountKey: string
  serviceAccountPublicKey: string
}

/** Writes a token file and the service-account key pair: what an API server needs besides a certificate, which it makes itself. */
export function writeCredentials(directory: string): CredentialFiles {
  const token = () => randomBytes(16).toString('hex')
  const tokens = { admin: token(), controllerManager: token(), scheduler: token(), user: token() }
  const files = {
    tokens,
    tokenFile: join(directory, 'tokens.csv'),
    serviceAccountKey: join(directory, 'service-account.key'),
    serviceAccountPublicKey: join(directory, 'service-account.pub'),
  }
  const lines = [
    `${tokens.admin},admin,1,system:masters`,
    `${tokens.controllerManager},system:kube-controller-manager,2`,
    `${tokens.scheduler},system:kube-scheduler,3`,
    `${tokens.user},${userName},4`,
  ]
  const pair = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const secret = { mode: 0o600 }
  writeFileSync(files.tokenFile, `${lines.join('\n')}\n`, secret)
  writeFileSync(files.serviceAccountKey, pair.privateKey.export({ type: 'sec1', format: 'pem' }), secret)
  writeFileSync(files.serviceAccountPublicKey, pair.publicKey.export({ type: 'spki', format: 'pem' }))
  return files
}

/** Writes a kubeconfig (in JSON, which is YAML) and returns its path; `ca` is PEM. */
export function writeKubeconfig(
  directory: string,
  name: string,
  access: { server: string; ca: string; token: string },
): string {
  const path = join(directory, `${name}.kubeconfig`)
  const ca = Buffer.from(access.ca).toString('base64')
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server: access.server, 'certificate-authority-data': ca } }],
    users: [{ name, user: { token: access.token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: name } }],
    'current-context': 'test',
  }
  writeFileSync(path, JSON.stringify(config), { mode: 0o600 })
  return path
}
