import { kubeletAnnotation } from '@pod-eip/simulators/kube'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  agones,
  cronJobs,
  definition,
  definitionName,
  kruise,
  makeChain,
} from './harness/custom-workloads.ts'
import { cronJobManifest, ownedPodManifest, runnerManifest, workloadManifest } from './harness/manifests.ts'
import { onEveryCluster } from './harness/stage.ts'

/** Nodes with room for nine EIPs each; the last one has the Pods of custom workloads. */
const cpus = [48, 48, 48]
const lastNode = { nodeSelector: { 'kubernetes.io/hostname': '10.0.0.6' } }
const isStatic = { isStatic: true }

onEveryCluster('cascade reclaim', { cpus }, (stage) => {
  /** Claims by workload; each workload is there before the flag is switched on. */
  const claimsOf = new Map<string, string[]>()
  const eips = new Map<string, string>()

  const heldEips = () => stage.cloud.region.addresses().map(({ addressId }) => addressId)
  const referencesOf = async (claim: string) => (await stage.eipClaim(claim))?.metadata.ownerReferences ?? []

  /** Workloads of kinds that the cluster does not bring, and the Pods that their controllers make. */
  async function makeCustomWorkloads(): Promise<void> {
    // The simulated cluster has no CronJobs of its own.
    const missing = stage.kind === 'simulated' ? [cronJobs] : []
    const kinds = [...Object.values(agones), ...Object.values(kruise), ...missing]
    await stage.kubectl.apply(...kinds.map(definition))
    await stage.kubectl('wait', '--for=condition=Established', 'crd', ...kinds.map(definitionName))
    const { client } = stage.cluster
    for (const [resource, name, pod] of [
      [kruise.cloneSets, 'clones', 'clones-x7k2q'],
      [kruise.statefulSets, 'ordered', 'ordered-0'],
    ] as const) {
      const owner = await makeChain(client, [resource, name])
      await stage.kubectl.apply(ownedPodManifest(pod, name, owner, { ...isStatic, ...lastNode }))
    }
    for (const server of ['arena-r9k4w-1', 'arena-r9k4w-2']) {
      const owner = await makeChain(
        client,
        [agones.fleets, 'arena'],
        [agones.gameServerSets, 'arena-r9k4w'],
        [agones.gameServers, server],
      )
      await stage.kubectl.apply(ownedPodManifest(server, 'arena', owner, { ...isStatic, ...lastNode }))
    }
    await stage.kubectl.apply(cronJobManifest('nightly', { ...isStatic, readinessGate: true }))
    const run = ['create', 'job', 'nightly-1', '--from=cronjob/nightly', '--dry-run=client']
    await stage.kubectl.apply(await stage.kubectl.json(...run))
  }

  async function expectReleased(workload: string, claims = claimsOf.get(workload)!): Promise<void> {
    for (const claim of claims) {
      await stage.eventually(async () => {
        expect(heldEips()).not.toContain(eips.get(claim))
        expect(await stage.eipClaim(claim)).toBeNull()
      }, 120)
    }
  }
  /** The EIP stays. An EIPClaim that named an owner which is let go of just now may be collected with it, and comes back. */
  async function expectBound(claim: string): Promise<void> {
    expect(heldEips()).toContain(eips.get(claim))
    await stage.eventually(async () =>
      expect((await stage.eipClaim(claim))?.status).toMatchObject({ phase: 'Bound', eipId: eips.get(claim) }),
    )
  }
  const ended = async () =>
    (await stage.logged())
      .filter(({ type }) => type === 'OwnerEnded')
      .map(({ data }) => ({ ...(data.owner as { name: string; uid: string }), reason: data.reason }))
  const ownerEnds = async () => (await ended()).map(({ name, reason }) => [name, reason])

  beforeAll(async () => {
    await stage.kubectl.apply(
      workloadManifest('StatefulSet', 'early', 1, isStatic),
      workloadManifest('StatefulSet', 'web', 1, isStatic),
      workloadManifest('StatefulSet', 'slow', 1, isStatic),
      workloadManifest('StatefulSet', 'moved', 1, isStatic),
      workloadManifest('StatefulSet', 'anew', 1, isStatic),
      workloadManifest('Deployment', 'shop', 1, isStatic),
      runnerManifest('Job', 'report', { ...isStatic, readinessGate: true }),
      runnerManifest('DaemonSet', 'agent', isStatic),
    )
    await makeCustomWorkloads()
    const core = { early: 1, web: 1, slow: 1, moved: 1, anew: 1, shop: 1, report: 1, agent: 3 }
    const counts = { ...core, clones: 1, ordered: 1, arena: 2, nightly: 1 }
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
    expect(await ownerEnds()).toEqual([['early', 'Deleted']])
    expect(heldEips()).toContain(eips.get('early-0'))
  })

  it('switched on later, it reaches EIPs that are kept, workloads that were there before, and ends that nobody watched', async () => {
    await stage.services.kill('watcher', 'projector', 'publisher')
    await stage.kubectl('delete', 'job', 'report')
    const before = (await stage.pod('anew-0'))?.metadata.uid
    await stage.kubectl('delete', 'sts', 'anew')
    await stage.kubectl.apply(workloadManifest('StatefulSet', 'anew', 1, isStatic))
    await stage.eventually(async () => {
      expect(await stage.pods('app=report')).toEqual([])
      const after = await stage.pod('anew-0')
      expect(after).not.toBeNull()
      expect(after?.metadata.uid).not.toBe(before)
    })
    stage.env.POD_EIP_ENABLE_OWNERREF = 'true'
    await stage.services.start('watcher', 'projector', 'publisher')
    await expectReleased('early')
    await expectReleased('report')
  })

  it('each EIPClaim names the workload that it goes with', async () => {
    const owners = [
      ['web', 'apps/v1', 'StatefulSet', 'web'],
      ['shop', 'apps/v1', 'Deployment', 'shop'],
      ['agent', 'apps/v1', 'DaemonSet', 'agent'],
      ['clones', 'apps.kruise.io/v1alpha1', 'CloneSet', 'clones'],
      ['ordered', 'apps.kruise.io/v1beta1', 'StatefulSet', 'ordered'],
      ['arena', 'agones.dev/v1', 'GameServer', 'arena-r9k4w-1'],
      ['nightly', 'batch/v1', 'Job', 'nightly-1'],
    ]
    await stage.eventually(async () => {
      const named: string[][] = []
      for (const [workload] of owners) {
        const [reference, ...others] = await referencesOf(claimsOf.get(workload!)![0]!)
        expect([workload, others]).toEqual([workload, []])
        expect(reference).not.toHaveProperty('controller')
        named.push([workload!, reference!.apiVersion, reference!.kind, reference!.name])
      }
      expect(named).toEqual(owners)
    })
  })

  it('a workload that was made anew while nobody watched is another one: the EIP of its Pod stays', async () => {
    const { uid } = (await stage.kubectl.json('get', 'sts', 'anew')).metadata
    await stage.eventually(async () => {
      expect(await referencesOf('anew-0')).toMatchObject([{ kind: 'StatefulSet', name: 'anew', uid }])
      const { status } = (await stage.eipClaim('anew-0'))!
      expect([status.phase, status.podUID]).toEqual(['Bound', (await stage.pod('anew-0'))?.metadata.uid])
      expect(heldEips()).toContain(status.eipId)
      eips.set('anew-0', status.eipId)
    })
    // The end of the former one may go unrecorded: when the new Pod is seen first, no claim belongs to it any more.
    expect((await ended()).map((owner) => owner.uid)).not.toContain(uid)
  })

  it('a workload without replicas has not ended', async () => {
    await stage.kubectl('scale', 'sts', 'web', '--replicas=0')
    await stage.eventually(async () => {
      const { status } = (await stage.eipClaim('web-0'))!
      expect([status.phase, status.eipId]).toEqual(['Retained', eips.get('web-0')])
    })
    expect(heldEips()).toContain(eips.get('web-0'))
  })

  describe('the EIP goes', () => {
    const endings = [
      ['with a StatefulSet without replicas', 'sts', 'web', 'background'],
      ['with a Deployment, in the foreground', 'deployment', 'shop', 'foreground'],
      ['with a DaemonSet', 'ds', 'agent', 'background'],
      ['with a CloneSet of OpenKruise', definitionName(kruise.cloneSets), 'clones', 'background'],
      ['with a StatefulSet of OpenKruise', definitionName(kruise.statefulSets), 'ordered', 'background'],
      ['with a Job of a CronJob that goes on', 'job', 'nightly-1', 'background'],
    ] as const

    beforeAll(async () => {
      for (const [, kind, name, cascade] of endings) {
        await stage.kubectl('delete', kind, name, `--cascade=${cascade}`, '--wait=false')
      }
    })

    it.each(endings)('%s', (_, __, name) => expectReleased(name.replace('-1', '')))

    it('with an Agones GameServer, whose Fleet goes on, and with the Fleet for the others', async () => {
      const [first, second] = claimsOf.get('arena') as [string, string]
      await stage.kubectl('delete', 'gameserver', first, '--wait=false')
      await expectReleased('arena', [first])
      await expectBound(second)
      await stage.kubectl('delete', 'fleet', 'arena', '--wait=false')
      await expectReleased('arena', [second])
    })
  })

  it('--cascade=orphan leaves Pods and EIPs, and the StatefulSet that takes the Pods over is their owner', async () => {
    const [before] = await stage.pods('app=moved')
    await stage.kubectl('delete', 'sts', 'moved', '--cascade=orphan')
    await stage.eventually(async () => expect(await ownerEnds()).toContainEqual(['moved', 'Orphaning']))
    await expectBound('moved-0')
    await stage.kubectl.apply(workloadManifest('StatefulSet', 'moved', 1, isStatic))
    const anew = await stage.kubectl.json('get', 'sts', 'moved')
    await stage.eventually(async () => {
      expect(await referencesOf('moved-0')).toMatchObject([{ uid: anew.metadata.uid }])
    })
    expect((await stage.pod('moved-0'))?.metadata.uid).toBe(before?.metadata.uid)
    await expectBound('moved-0')
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
    await expectBound('anew-0')
    const events = await stage.logged()
    for (const claim of [...claimsOf.values()].flat().filter((name) => name !== 'anew-0')) {
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
