import { createEipCloudOverVpcApi, type EipCloud } from '@pod-eip/cloud'
import { clusterTag } from '@pod-eip/cloud-calls'
import type { World } from '@pod-eip/domain'
import { type Cluster, nodes as nodesResource } from '@pod-eip/kube'
import { type Random, seededIds } from '@pod-eip/runtime'
import {
  type CallFate,
  type CloudSimulator,
  createCloudSimulator,
  simulatedVpcApi,
} from '@pod-eip/simulators/cloud'
import {
  type ClusterSimulator,
  createClusterSimulator,
  createInMemoryCluster,
  createKubeStore,
  deployments,
  type KubeStore,
  makeTkeNode,
  replicaSets,
  statefulSets,
} from '@pod-eip/simulators/kube'
import { createVirtualClock, type VirtualClock } from '@pod-eip/simulators/virtual-clock'
import { claimsOfRequest } from './about.ts'
import type { Script } from './script.ts'

export const region = 'ap-guangzhou'
/** The tag that marks our EIPs. */
export const clusterId = 'cls-sim'
/** How the EIPs of others are named; the simulated cloud names those so that are bound by hand. */
export const foreignName = 'not-ours'
const begin = Date.parse('2026-01-01T00:00:00Z')

/** The world around the control plane: time, a cluster and a cloud, all drawn from one seed. */
export interface Stage {
  clock: VirtualClock
  random: Random
  kube: KubeStore
  controllers: ClusterSimulator
  cluster: Cluster
  cloud: CloudSimulator
  eipCloud: EipCloud
  nodes: { name: string; cpu: number }[]
  /** A Node comes; `cvm` counts the CVMs that its name has been on. */
  addNode(index: number, cvm?: number): void
  /** When each workload that has gone went (ms), by uid. */
  workloadEnds: Map<string, number>
  /** EIPs that are neither listed nor tagged as ours; those that somebody binds come to them. */
  foreignEips: Set<string>
  /** The user's own EIPs, which workloads list. */
  listedEips: string[]
  /** EIPs of ours that somebody else changed in the cloud. */
  meddledWith: Set<string>
  /** EIPs of ours that somebody else bound to the address of another Pod, and to which. */
  atAnothersPlace: Map<string, { networkInterfaceId: string; privateIp: string }>
  /** When a process or a store last failed in the middle of a claim's business, ms. */
  hinderedAt: Map<string, number>
  /** EIPs that came of an allocation of ours when it was over. */
  lateEips: Set<string>
  /** What adds to what befalls each call of the services to the cloud; the name names the call within the story. */
  cloudFates: ((action: string, name: string, fate: CallFate) => void)[]
  /** The claims that the call of the cloud is about whose fate is drawn now. */
  claimsOfCloudCall(world: World): string[]
  /** A call of the cloud by somebody who is not pod-eip. */
  callAsSomebody(action: string, body: object): { AddressSet?: string[] }
  /** Such a call is under way. */
  somebodyActs(): boolean
}

export function createStage(script: Script): Stage {
  const clock = createVirtualClock(begin)
  // Each part draws from a source of its own: a fault more in one does not change what the others do.
  const random = script.source('services')
  const kube = createKubeStore({ clock, ids: seededIds(script.source('ids of the cluster')) })
  const cloud = createCloudSimulator({
    clock,
    random: script.source('cloud'),
    ids: seededIds(script.source('ids of the cloud')),
    config: { regions: [region], quotas: { total: 100, daily: 100_000 }, historyMs: 65_000 },
  })
  const world = cloud.region({ region })
  // As with VPC-CNI, an address that a Pod gave back can stay on the interface for the next one, with all that is
  // bound to it.
  const keepsAddresses =
    script.chance('addresses stay on interfaces') < 0.5 && script.happens('addresses stay on interfaces')
  const nodes = [
    { index: 0, cpu: 4 },
    { index: 1, cpu: 8 },
    { index: 2, cpu: 16 },
  ]
  /** Addresses that were kept on an interface go where they are needed. */
  function takeAway(privateIp: string): void {
    const kept = world.networkInterfaces().filter((i) => i.privateIps.includes(privateIp))
    for (const { networkInterfaceId } of kept) world.removePrivateIp(networkInterfaceId, privateIp)
  }
  const controllers = createClusterSimulator({
    store: kube,
    clock,
    random: script.source('controllers'),
    onNodeNetwork({ change, instanceId, eniId, nodeName }) {
      if (change === 'removed') return world.removeInstance(instanceId)
      const cpu = nodes.find((n) => makeTkeNode(n).metadata.name === nodeName)?.cpu ?? 4
      world.upsertInstance({ instanceId, cpu })
      const own = { networkInterfaceId: `${eniId}-own`, primary: true, privateIps: [nodeName] }
      world.upsertNetworkInterface({ ...own, instanceId })
      world.upsertNetworkInterface({ networkInterfaceId: eniId, instanceId, privateIps: [] })
    },
    onPodNetwork({ change, eniId, exclusiveEni, instanceId, privateIp }) {
      if (exclusiveEni) {
        if (change === 'removed') return world.removeNetworkInterface(eniId)
        takeAway(privateIp)
        return world.upsertNetworkInterface({
          networkInterfaceId: eniId,
          instanceId,
          privateIps: [privateIp],
        })
      }
      if (change === 'added') {
        takeAway(privateIp)
        world.assignPrivateIp(eniId, privateIp)
      } else if (!keepsAddresses) world.removePrivateIp(eniId, privateIp)
    },
  })
  // Somebody else's EIP in the same account: nobody of ours may touch it (I4).
  let somebodyActs = false
  function callAsSomebody(action: string, body: object) {
    somebodyActs = true
    try {
      const account = cloud.config.accounts[0]!.uin
      return cloud.call({ account, region, action, version: '2017-03-12', body }) as { AddressSet?: string[] }
    } finally {
      somebodyActs = false
    }
  }
  const foreign = { AddressCount: 1, AddressName: foreignName }
  // TKE's own ipamd tags its EIPs with the cluster, too.
  const ofIpamd = { ...foreign, Tags: [{ Key: clusterTag, Value: clusterId }] }
  const foreignEips = new Set(
    [foreign, ofIpamd].flatMap((body) => callAsSomebody('AllocateAddresses', body).AddressSet ?? []),
  )
  const listedEips = Array.from({ length: 4 }, () => world.buyAddress())
  const addNode = (index: number, cvm = 0) => {
    const node = makeTkeNode(nodes[index]!)
    const instanceId = node.metadata.labels!['cloud.tencent.com/node-instance-id']!
    const onCvm = cvm === 0 ? instanceId : `${instanceId.slice(0, -2)}${String(cvm).padStart(2, '0')}`
    const text = JSON.stringify(node).replaceAll(instanceId, onCvm)
    kube.create(nodesResource, JSON.parse(text) as Parameters<KubeStore['create']>[1])
  }
  for (const index of nodes.keys()) addNode(index)

  // The cluster's own controllers work between whatever else happens, and at their due times.
  let timer = { due: Number.POSITIVE_INFINITY, cancel: () => {} }
  clock.onIdle(() => {
    let worked = false
    while (controllers.step()) worked = true
    const due = controllers.nextDueAt() ?? Number.POSITIVE_INFINITY
    if (due !== timer.due && Number.isFinite(due)) {
      timer.cancel()
      timer = {
        due,
        cancel: clock.after(due - clock.now(), () => {
          timer.due = Number.POSITIVE_INFINITY
        }),
      }
    }
    return worked
  })

  const cloudFates: Stage['cloudFates'] = []
  const callsOf = new Map<string, number>()
  let asked: unknown
  const withFates: CloudSimulator = Object.create(cloud, {
    drawFate: {
      value(action: string) {
        const fate = cloud.drawFate(action)
        const number = (callsOf.get(action) ?? 0) + 1
        callsOf.set(action, number)
        for (const add of cloudFates) add(action, `cloud ${action} #${number}`, fate)
        return fate
      },
    },
  })
  const callCloud = simulatedVpcApi(withFates, { clock, region })

  const workloadEnds = new Map<string, number>()
  for (const resource of [statefulSets, deployments, replicaSets]) {
    kube.watch(resource, {}, (event) => {
      if (event.type === 'DELETED') workloadEnds.set(event.object.metadata.uid ?? '', clock.now())
    })
  }

  return {
    workloadEnds,
    clock,
    random,
    kube,
    controllers,
    cluster: createInMemoryCluster({ store: kube, clock }),
    cloud,
    eipCloud: createEipCloudOverVpcApi((action, request, signal) => {
      asked = request
      return callCloud(action, request, signal)
    }),
    cloudFates,
    claimsOfCloudCall: (world) => claimsOfRequest(asked, world),
    nodes: nodes.map((n) => ({ name: makeTkeNode(n).metadata.name, cpu: n.cpu })),
    addNode,
    foreignEips,
    listedEips,
    meddledWith: new Set(),
    atAnothersPlace: new Map(),
    lateEips: new Set(),
    hinderedAt: new Map(),
    callAsSomebody,
    somebodyActs: () => somebodyActs,
  }
}
