import type { KubeObject } from '@pod-eip/kube'
import type { Random } from '@pod-eip/runtime'
import { ApiError } from '@pod-eip/simulators/kube'
import type { Stage } from './stage.ts'

const core = (plural: string, kind: string, namespaced = true) => ({
  group: '',
  version: 'v1',
  plural,
  kind,
  namespaced,
})
const apps = (plural: string, kind: string) => ({
  group: 'apps',
  version: 'v1',
  plural,
  kind,
  namespaced: true,
})
export const pods = core('pods', 'Pod')
export const nodes = core('nodes', 'Node', false)
export const statefulSets = apps('statefulsets', 'StatefulSet')
export const deployments = apps('deployments', 'Deployment')
export const eipClaims = {
  group: 'networking.tke.cloud.tencent.com',
  version: 'v1',
  plural: 'eipclaims',
  kind: 'EIPClaim',
  namespaced: true,
}

/** A workload of the story: its Pods keep their EIPs, or not. */
interface Workload {
  name: string
  kept: boolean
  /** Whether its Pods say to the scheduler that they need a slot. */
  withResource: boolean
}

const workloads: Workload[] = [
  { name: 'game', kept: true, withResource: true },
  { name: 'sip', kept: true, withResource: false },
  { name: 'crawler', kept: false, withResource: true },
  { name: 'egress', kept: false, withResource: false },
]

/** What people and machines do to the cluster while the story lasts. */
export interface History {
  /** The next thing that happens; returns it in words. */
  next(): string
}

export function createHistory(stage: Stage, random: Random): History {
  const { kube } = stage
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random.next() * list.length)]
  const resourceOf = (w: Workload) => (w.kept ? statefulSets : deployments)
  const exists = (w: Workload) =>
    kube.list(resourceOf(w), { namespace: 'default' }).items.some((o) => o.metadata.name === w.name)
  let revision = 0

  const acts: (() => string | null)[] = [
    function create() {
      const w = pick(workloads.filter((x) => !exists(x)))
      if (!w) return null
      const replicas = 1 + Math.floor(random.next() * 3)
      kube.create(resourceOf(w), manifest(w, replicas))
      return `create ${w.name} with ${replicas} replicas`
    },
    function scale() {
      const w = pick(workloads.filter(exists))
      if (!w) return null
      const replicas = Math.floor(random.next() * 4)
      kube.patch(resourceOf(w), 'default', w.name, { type: 'merge', body: { spec: { replicas } } })
      return `scale ${w.name} to ${replicas}`
    },
    function deletePod() {
      const pod = pick(kube.list(pods, { namespace: 'default' }).items)
      if (!pod) return null
      const force = random.next() < 0.3
      kube.delete(pods, 'default', pod.metadata.name, force ? { gracePeriodSeconds: 0 } : {})
      return `${force ? 'force-delete' : 'delete'} pod ${pod.metadata.name}`
    },
    function evictPod() {
      const pod = pick(
        kube.list(pods, { namespace: 'default' }).items.filter((p) => p.status?.phase === 'Running'),
      )
      if (!pod) return null
      const body = { status: { phase: 'Failed', reason: 'Evicted', message: 'The node was low on memory.' } }
      kube.patch(pods, 'default', pod.metadata.name, { type: 'merge', body, subresource: 'status' })
      return `evict pod ${pod.metadata.name}`
    },
    function deleteClaim() {
      const claim = pick(claims(stage))
      if (!claim) return null
      kube.delete(eipClaims, 'default', claim.metadata.name)
      return `delete eipc ${claim.metadata.name}`
    },
    function deleteWorkload() {
      const w = pick(workloads.filter(exists))
      if (!w) return null
      kube.delete(resourceOf(w), 'default', w.name)
      return `delete ${w.name}`
    },
    function rollOut() {
      const w = pick(workloads.filter(exists))
      if (!w) return null
      revision += 1
      const body = { spec: { template: { metadata: { labels: { revision: String(revision) } } } } }
      kube.patch(resourceOf(w), 'default', w.name, { type: 'merge', body })
      return `roll out ${w.name}`
    },
    function loseNode() {
      const present = kube.list(nodes).items
      if (present.length < 2) return null
      const node = pick(present)!
      kube.delete(nodes, null, node.metadata.name)
      return `node ${node.metadata.name} is gone`
    },
    function bringNodeBack() {
      const present = new Set(kube.list(nodes).items.map((n) => n.metadata.name))
      // The simulated kubelet does not set up anew the Pods of a lost node of the same name: their end comes first.
      const occupied = new Set(kube.list(pods).items.map((p) => p.spec?.nodeName))
      const index = stage.nodes.findIndex((n) => !present.has(n.name) && !occupied.has(n.name))
      if (index === -1) return null
      stage.addNode(index)
      return `node ${stage.nodes[index]!.name} is there again`
    },
  ]

  return {
    next() {
      const act = pick(acts)!
      try {
        return act() ?? 'nothing'
      } catch (error) {
        // The cluster may refuse, as it refuses people.
        if (error instanceof ApiError) return `refused: ${error.message}`
        throw error
      }
    },
  }
}

/** The EIPClaims; none before the publisher has brought their definition. */
export function claims(stage: Stage): KubeObject[] {
  try {
    return stage.kube.list(eipClaims, { namespace: 'default' }).items
  } catch (error) {
    if (error instanceof ApiError) return []
    throw error
  }
}

function manifest(w: Workload, replicas: number): KubeObject {
  const slot = w.withResource ? { 'tke.cloud.tencent.com/eip': '1' } : {}
  return {
    apiVersion: 'apps/v1',
    kind: w.kept ? 'StatefulSet' : 'Deployment',
    metadata: { name: w.name, namespace: 'default' },
    spec: {
      replicas,
      ...(w.kept && { serviceName: '', podManagementPolicy: 'Parallel' }),
      selector: { matchLabels: { app: w.name } },
      template: {
        metadata: {
          labels: { app: w.name },
          annotations: {
            'tke.cloud.tencent.com/networks': 'tke-route-eni',
            'tke.cloud.tencent.com/eip-attributes': '{"Bandwidth":"10"}',
            ...(w.kept && { 'tke.cloud.tencent.com/eip-claim-delete-policy': 'Never' }),
          },
        },
        spec: {
          terminationGracePeriodSeconds: 5,
          containers: [{ name: 'main', image: 'busybox', resources: { requests: slot, limits: slot } }],
        },
      },
    },
  }
}
