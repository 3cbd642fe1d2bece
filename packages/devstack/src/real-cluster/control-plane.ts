import { writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { get } from 'node:https'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { answersOk, type Component } from './component.ts'
import type { CredentialFiles } from './credentials.ts'

/** etcd without fsync: it survives the death of its process, and the data is thrown away anyway. */
export function etcd(binary: string, directory: string, clientPort: number, peerPort: number): Component {
  const client = `http://127.0.0.1:${clientPort}`
  const peer = `http://127.0.0.1:${peerPort}`
  return {
    name: 'etcd',
    binary,
    flags: {
      'data-dir': join(directory, 'etcd'),
      'listen-client-urls': client,
      'advertise-client-urls': client,
      'listen-peer-urls': peer,
      'initial-advertise-peer-urls': peer,
      'initial-cluster': `default=${peer}`,
      'log-level': 'warn',
      'unsafe-no-fsync': true,
    },
    ready: () => answersOk(`${client}/health`),
  }
}

/** The API server, with RBAC on, making its own certificate. */
export function apiServer(
  binary: string,
  directory: string,
  port: number,
  etcdPort: number,
  credentials: CredentialFiles,
  moreFlags: Record<string, string>,
): Component {
  return {
    name: 'kube-apiserver',
    binary,
    flags: {
      'etcd-servers': `http://127.0.0.1:${etcdPort}`,
      'bind-address': '127.0.0.1',
      'advertise-address': '127.0.0.1',
      // A loopback endpoint would be refused for ever.
      'endpoint-reconciler-type': 'none',
      'secure-port': port,
      'cert-dir': directory,
      'token-auth-file': credentials.tokenFile,
      'service-cluster-ip-range': '10.96.0.0/16',
      'service-account-issuer': 'https://kubernetes.default.svc',
      'service-account-key-file': credentials.serviceAccountPublicKey,
      'service-account-signing-key-file': credentials.serviceAccountKey,
      'authorization-mode': 'Node,RBAC',
      ...moreFlags,
    },
    // Refused until RBAC has its first roles: an open port means nothing yet.
    ready: async () => (await apiServerStatus(directory, port, '/readyz', credentials.tokens.admin)) === 200,
  }
}

/** The file with the API server's certificate, which is its own CA. */
export function caFile(directory: string): string {
  return join(directory, 'apiserver.crt')
}

/** The controllers: garbage collection, Deployments, node life cycle, Pod CIDRs. */
export function controllerManager(
  binary: string,
  directory: string,
  port: number,
  kubeconfig: string,
  credentials: CredentialFiles,
): Component {
  return {
    name: 'kube-controller-manager',
    binary,
    flags: {
      kubeconfig,
      'secure-port': 0,
      'leader-elect': false,
      'use-service-account-credentials': true,
      'service-account-private-key-file': credentials.serviceAccountKey,
      'root-ca-file': caFile(directory),
      'allocate-node-cidrs': true,
      'cluster-cidr': '10.244.0.0/16',
      'node-cidr-mask-size': 24,
      // The defaults throttle a burst of Pods before anything under test does.
      'kube-api-qps': 300,
      'kube-api-burst': 500,
    },
    // Without this ServiceAccount every Pod is refused.
    ready: async () => {
      const path = '/api/v1/namespaces/default/serviceaccounts/default'
      return (await apiServerStatus(directory, port, path, credentials.tokens.admin)) === 200
    },
  }
}

export function scheduler(binary: string, directory: string, kubeconfig: string): Component {
  const config = join(directory, 'scheduler.json')
  writeFileSync(
    config,
    JSON.stringify({
      apiVersion: 'kubescheduler.config.k8s.io/v1',
      kind: 'KubeSchedulerConfiguration',
      clientConnection: { kubeconfig, qps: 300, burst: 500 },
      leaderElection: { leaderElect: false },
    }),
  )
  return {
    name: 'kube-scheduler',
    binary,
    flags: { config, 'secure-port': 0 },
    ready: async () => true,
  }
}

/** Nodes with this annotation have kwok for a kubelet. */
export const kwokAnnotation = { name: 'kwok.x-k8s.io/node', value: 'fake' }

export function kwok(binary: string, directory: string, kubeconfig: string): Component {
  return {
    name: 'kwok',
    binary,
    flags: {
      kubeconfig,
      config: fileURLToPath(new URL('./kwok-stages.yaml', import.meta.url)),
      cidr: '10.245.0.0/16',
      'manage-nodes-with-annotation-selector': `${kwokAnnotation.name}=${kwokAnnotation.value}`,
      'node-lease-duration-seconds': 40,
    },
    // It also reads ~/.kwok/kwok.yaml.
    env: { ...process.env, HOME: directory },
    ready: async () => true,
  }
}

async function apiServerStatus(
  directory: string,
  port: number,
  path: string,
  token: string,
): Promise<number> {
  const ca = await readFile(caFile(directory), 'utf8')
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` }
    const request = get(
      { host: '127.0.0.1', port, path, ca, headers, agent: false, timeout: 2_000 },
      (answer) => {
        answer.resume()
        resolve(answer.statusCode ?? 0)
      },
    )
    request.on('timeout', () => request.destroy())
    request.on('error', reject)
  })
}
