import type { KubeObject, Resource } from '@pod-eip/kube'
import { kubeletAnnotation } from '@pod-eip/simulators/kube'
import { beforeAll, describe, expect, it } from 'vitest'
import { podManifest, runnerManifest, workloadManifest } from './harness/manifests.ts'
import { onEveryCluster } from './harness/stage.ts'

/** Two Nodes with room for nine EIPs each. */
const cpus = [48, 48]
const isStatic = { isStatic: true }

const agones = (plural: string, kind: string): Resource => ({
  ...{ group: 'agones.dev', version: 'v1', plural, kind, namespaced: true },
})
const [fleets, gameServers] = [agones('fleets', 'Fleet'), agones('gameservers', 'GameServer')]

/** A definition such as Agones brings, as far as owners go. */
function definition({ group, version, plural, kind }: Resource): KubeObject {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } }
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      ...{ group, scope: 'Namespaced', names: { plural, singular: kind.toLowerCase(), kind } },
      versions: [{ name: version, served: true, storage: true, schema }],
    },
  }
}

onEveryCluster('cascade reclaim', { cpus }, (stage) => {
  /** Claims by workload; each workload is there before the flag is switched on. */
  const claimsOf = new Map<string, string[]>()
  const eips = new Map<string, string>()

  const heldEips = () => stage.cloud.region.addresses().map(({ addressId }) => addressId)
  const referencesOf = async (claim: string) => (await stage.eipClaim(claim))?.metadata.ownerReferences ?? []
  async function makeGameServer(): Promise<void> {
    const { client } = stage.cluster
    const make = (resource: Resource, name: string, owner?: object) =>
      client.create(resource, {
        metadata: { name, namespace: 'default', ...(owner && { ownerReferences: [owner] }) },
      } as KubeObject)
    await stage.kubectl.apply(...[fleets, gameServers].map(definition))
    await stage.kubectl(
      'wait',
      '--for=condition=Established',
      'crd',
      'fleets.agones.dev',
      'gameservers.agones.dev',
    )
    const controls = (kind: string, { metadata }: KubeObject) => ({
      ...{ apiVersion: 'agones.dev/v1', kind, name: metadata.name, uid: metadata.uid ?? '' },
      ...{ controller: true, blockOwnerDeletion: true },
    })
    const fleet = await make(fleets, 'arena')
    const server = await make(gameServers, 'arena-1', controls('Fleet', fleet))
    const pod = podManifest('arena-1', isStatic)
    const metadata = {
      ...pod.metadata,
      labels: { app: 'arena' },
      ownerReferences: [controls('GameServer', server)],
    }
    await stage.kubectl.apply({ ...pod, metadata })
  }

  async function expectReleased(workload: string): Promise<void> {
    for (const claim of claimsOf.get(workload)!) {
      await stage.eventually(async () => {
        expect(heldEips()).not.toContain(eips.get(claim))
        expect(await stage.eipClaim(claim)).toBeNull()
      }, 120)
    }
  }

  beforeAll(async () => {
    await stage.kubectl.apply(
      workloadManifest('StatefulSet', 'early', 1, isStatic),
      workloadManifest('StatefulSet', 'web', 1, isStatic),
      workloadManifest('StatefulSet', 'slow', 1, isStatic),
      workloadManifest('StatefulSet', 'moved', 1, isStatic),
      workloadManifest('Deployment', 'shop', 1, isStatic),
      runnerManifest('Job', 'report', { ...isStatic, readinessGate: true }),
      runnerManifest('DaemonSet', 'agent', isStatic),
    )
    await makeGameServer()
    const counts = { early: 1, web: 1, slow: 1, moved: 1, shop: 1, report: 1, agent: 2, arena: 1 }
    for (const [workload, count] of Object.entries(counts)) {
      await stage.eventually(async () => {
        const names = (await stage.pods(`app=${workload}`)).map(({ metadata }) => metadata.name)
        expect([workload, names.length]).toEqual([workload, count])
        for (const name of names) {
          const status = (await stage.eipClaim(name))?.status
          expect([name, status?.phase]).toEqual([name, 'Bound'])
          eips.set(name, status.eipId)
        }
        claimsOf.set(workload, names)
      }, 120)
    }
  })

  it('without the flag, EIPs stay when their workload is deleted, and EIPClaims name no owner', async () => {
    expect(await referencesOf('early-0')).toEqual([])
    await stage.kubectl('delete', 'sts', 'early')
    await stage.eventually(async () => {
      expect((await stage.eipClaim('early-0'))?.status?.phase).toBe('Retained')
    })
    const ends = (await stage.logged()).filter(({ type }) => type === 'OwnerEnded')
    expect(ends.map(({ data }) => [data.owner, data.reason])).toMatchObject([
      [{ kind: 'StatefulSet', name: 'early' }, 'Deleted'],
    ])
    expect(heldEips()).toContain(eips.get('early-0'))
  })

  it('switched on later, it reaches EIPs that are kept and workloads that were there before', async () => {
    await stage.services.kill('projector', 'publisher')
    stage.env.POD_EIP_ENABLE_OWNERREF = 'true'
    await stage.services.start('projector', 'publisher')
    await expectReleased('early')
    const owners: [string, string][] = []
    await stage.eventually(async () => {
      owners.length = 0
      for (const workload of ['web', 'shop', 'report', 'agent', 'arena']) {
        const [reference, ...others] = await referencesOf(claimsOf.get(workload)![0]!)
        expect([workload, others]).toEqual([workload, []])
        expect(reference).not.toHaveProperty('controller')
        owners.push([reference!.kind, reference!.name])
      }
    })
    expect(owners).toEqual([
      ['StatefulSet', 'web'],
      ['Deployment', 'shop'],
      ['Job', 'report'],
      ['DaemonSet', 'agent'],
      ['Fleet', 'arena'],
    ])
  })

  describe('the EIP goes', () => {
    const endings = [
      ['with a StatefulSet', 'sts', 'web', 'background'],
      ['with a Deployment, in the foreground', 'deployment', 'shop', 'foreground'],
      ['with a Job', 'job', 'report', 'background'],
      ['with a DaemonSet', 'ds', 'agent', 'background'],
      ['with a custom resource', 'fleet', 'arena', 'background'],
    ] as const

    beforeAll(async () => {
      for (const [, kind, name, cascade] of endings) {
        await stage.kubectl('delete', kind, name, `--cascade=${cascade}`, '--wait=false')
      }
    })

    it.each(endings)('%s', (_, __, name) => expectReleased(name))
  })

  it('--cascade=orphan leaves Pods and EIPs, and the StatefulSet that takes the Pods over is their owner', async () => {
    const [before] = await stage.pods('app=moved')
    await stage.kubectl('delete', 'sts', 'moved', '--cascade=orphan')
    await stage.kubectl.apply(workloadManifest('StatefulSet', 'moved', 1, isStatic))
    const anew = await stage.kubectl.json('get', 'sts', 'moved')
    await stage.eventually(async () => {
      expect(await referencesOf('moved-0')).toMatchObject([{ uid: anew.metadata.uid }])
    })
    expect((await stage.pod('moved-0'))?.metadata.uid).toBe(before?.metadata.uid)
    expect((await stage.eipClaim('moved-0'))?.status).toMatchObject({
      phase: 'Bound',
      eipId: eips.get('moved-0'),
    })
    await stage.kubectl('delete', 'sts', 'moved', '--wait=false')
    await expectReleased('moved')
  })

  it('a Pod that takes its time to end keeps its EIP to its end', async () => {
    const pod = (await stage.pod('slow-0'))!
    // What keeps it from ending: its kubelet is silent, or a finalizer, as kwok takes no time to end a Pod.
    const drain = async (on: boolean) => {
      const patch = JSON.stringify({ metadata: { finalizers: on ? ['example.com/drain'] : null } })
      await stage.kubectl('patch', 'pod', 'slow-0', '--type=merge', '-p', patch)
      if (stage.kind === 'simulated') {
        const state = on ? `${kubeletAnnotation}=stopped` : `${kubeletAnnotation}-`
        await stage.kubectl('annotate', 'node', pod.spec.nodeName, state)
      }
    }
    await drain(true)
    await stage.kubectl('delete', 'sts', 'slow', '--wait=false')
    await stage.eventually(async () => {
      expect((await stage.pod('slow-0'))?.metadata.deletionTimestamp).toBeDefined()
      expect((await stage.eipClaim('slow-0'))?.metadata.deletionTimestamp).toBeDefined()
    })
    const bound = stage.cloud.region.addresses().find(({ addressId }) => addressId === eips.get('slow-0'))
    expect(bound?.binding?.privateIpAddress).toBe(pod.status?.podIP)
    expect((await stage.eipClaim('slow-0'))?.status?.phase).toBe('Bound')
    await drain(false)
    await expectReleased('slow')
  })

  it('the log says why each went, and in which order; and it tells it all again', async () => {
    const events = await stage.logged()
    for (const claim of [...claimsOf.values()].flat()) {
      const own = events.filter(({ stream }) => stream === `claim/default/${claim}`)
      const positions = (type: string) => own.filter((event) => event.type === type).map((e) => e.position)
      const releases = own.filter(({ type }) => type === 'ReleaseDecided')
      expect([claim, ...releases.map(({ data }) => data.cause)]).toEqual([claim, 'OwnerEnded'])
      const [ended] = positions('PodEnded')
      expect(ended).toBeLessThan(Math.min(...positions('UnbindingDecided'), ...positions('ReleaseDecided')))
    }
    await stage.eventually(async () => {
      expect(await stage.eipctl('replay')).toMatchObject({ exitCode: 0 })
    })
  })
})
