import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatTable } from '@pod-eip/eipctl'
import { eipClaims, namespaces, pods } from '@pod-eip/kube'
import { systemClock, systemIds } from '@pod-eip/runtime'
import { createKubeStore, serveKubeApi, writeKubeconfig } from '@pod-eip/simulators/kube'
import { openLog } from '../open-log.ts'
import { bindAll, nodeOf, type StormPod } from './bound-claims.ts'
import { type CountedCall, countCalls } from './counted-store.ts'
import { startPublisher } from './publisher-process.ts'

const domain = 'tke.cloud.tencent.com'

/**
 * A write storm: so many Pods with a readiness gate have their EIPs bound, nothing of it is in the cluster, and a
 * publisher starts. A process of its own writes to the simulated API server over HTTP; that one counts.
 */
export async function benchPublisher(
  { databaseUrl, redisUrl }: { databaseUrl: string; redisUrl: string },
  { claims, qps }: { claims: number; qps: number },
): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'pod-eip-bench-'))
  const opened = await openLog(databaseUrl)
  const cluster = createKubeStore({ clock: systemClock, ids: systemIds })
  const { store, calls } = countCalls(cluster)
  const api = await serveKubeApi(store, { port: 0, host: '127.0.0.1' })
  try {
    const storm = Array.from({ length: claims }, (_, i): StormPod => makePod(i))
    const clusterId = `cls-${opened.schema.replaceAll('_', '-')}`
    const clusterUid = cluster.get(namespaces, null, 'kube-system').metadata.uid!
    await bindAll(opened, { id: clusterId, uid: clusterUid }, storm)
    const kubeconfig = join(dir, 'kubeconfig')
    await writeKubeconfig(kubeconfig, api.url)
    const publisher = await startPublisher(join(dir, 'image'), {
      DATABASE_URL: databaseUrl,
      REDIS_URL: redisUrl,
      POD_EIP_DATABASE_SCHEMA: opened.schema,
      POD_EIP_CLUSTER: 'kubernetes',
      POD_EIP_CLUSTER_ID: clusterId,
      POD_EIP_KUBE_API_QPS: String(qps),
      POD_EIP_KUBE_API_BURST: String(qps),
      POD_EIP_LOG_FILE: join(dir, 'publisher.log'),
      KUBECONFIG: kubeconfig,
    })
    try {
      await publisher.published(await opened.log.head())
      const told = cluster.list(eipClaims).items.filter(({ status }) => status?.phase === 'Bound').length
      if (told !== claims) throw new Error(`${told} of ${claims} EIPClaims say Bound`)
      return report({ claims, qps, calls: [...calls], peakMiB: await publisher.peakMiB() })
    } finally {
      await publisher.stop()
    }
  } finally {
    await api.close()
    await opened.close()
    await rm(dir, { recursive: true, force: true })
  }

  function makePod(i: number): StormPod {
    const name = `web-${i}`
    const made = cluster.create(pods, {
      metadata: { name, namespace: 'default', annotations: { [`${domain}/eip-attributes`]: '{}' } },
      spec: {
        readinessGates: [{ conditionType: `${domain}/eip-bound` }],
        containers: [{ name: 'main', image: 'none' }],
      },
    })
    return { name, uid: made.metadata.uid!, node: nodeOf(i) }
  }
}

function report(storm: {
  claims: number
  qps: number
  calls: CountedCall[]
  peakMiB: number | null
}): string {
  const { claims, qps, calls, peakMiB } = storm
  const seconds = (calls.at(-1)!.at - calls[0]!.at) / 1000
  // What goes out at once at the start is not the rate.
  const achieved = Math.max(0, calls.length - qps) / seconds
  const perCall = Map.groupBy(calls, ({ what }) => what)
  const rows = [
    ...[...perCall].map(([what, those]) => [what, 'per claim', (those.length / claims).toFixed(2)]),
    ['all requests', 'per claim', (calls.length / claims).toFixed(2)],
    ['from the first to the last', 'seconds', seconds.toFixed(1)],
    ['rate achieved', `per second, of ${qps}`, achieved.toFixed(1)],
    ['most in any one second', `of ${2 * qps} with the burst`, String(mostInASecond(calls))],
    ['publisher, peak of resident memory', 'MiB', peakMiB?.toFixed(0) ?? 'not known'],
  ]
  return formatTable(['WHAT', 'UNIT', `${claims} CLAIMS`], rows)
}

function mostInASecond(calls: CountedCall[]): number {
  let [most, first] = [0, 0]
  for (const [i, { at }] of calls.entries()) {
    while (calls[first]!.at <= at - 1000) first += 1
    most = Math.max(most, i - first + 1)
  }
  return most
}
