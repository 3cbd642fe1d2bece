import { customResourceDefinitions } from '@pod-eip/kube'
import { expect, it } from 'vitest'
import { createEipctl } from './harness/commands.ts'
import { agones, definition, kruise, makeChain } from './harness/custom-workloads.ts'
import type { Way } from './harness/installed-manifests.ts'
import {
  masqAgentManifest,
  ownedPodManifest,
  podManifest,
  runnerManifest,
  workloadManifest,
} from './harness/manifests.ts'
import { granted } from './harness/service-accounts.ts'
import type { ServiceName } from './harness/services.ts'
import { inEveryWay } from './harness/stage.ts'

/** Whose ServiceAccounts use rights, for each way to run the services. */
const asking: Record<Way, readonly ServiceName[]> = {
  separate: ['watcher', 'publisher'],
  'all-in-one': ['all-in-one'],
}

inEveryWay('the rights of the services', { cpus: [48] }, (stage, way) => {
  it('are those of the manifests: each is used, none is missing', async () => {
    const custom = [agones.gameServers, kruise.cloneSets, kruise.statefulSets]
    for (const kind of custom) await stage.cluster.client.create(customResourceDefinitions, definition(kind))
    await stage.kubectl.apply(
      ...(['Deployment', 'ReplicaSet', 'StatefulSet'] as const).map((kind) =>
        workloadManifest(kind, kind.toLowerCase(), 1, { isStatic: true }),
      ),
      ...(['DaemonSet', 'Job'] as const).map((kind) => runnerManifest(kind, kind.toLowerCase())),
      podManifest('gated', { readinessGate: true }),
    )
    for (const kind of custom) {
      const owner = await makeChain(stage.cluster.client, [kind, kind.plural])
      await stage.kubectl.apply(ownedPodManifest(kind.plural, kind.plural, owner))
    }
    // A definition of an earlier build.
    await stage.services.kill('publisher')
    const name = 'crd/eipclaims.networking.tke.cloud.tencent.com'
    await stage.kubectl('annotate', name, '--overwrite', 'pod-eip/crd-revision=1')
    // Egress is kept from here on.
    stage.env.POD_EIP_ENABLE_EGRESS = 'true'
    await stage.kubectl.apply(masqAgentManifest('{}'))
    await stage.services.start('publisher')
    await stage.eventually(async () => {
      const claims = await stage.eipClaims()
      // The Job's Pod does its work and is gone.
      const bound = claims.filter(({ status }) => status?.phase === 'Bound')
      expect(
        bound.map(({ metadata }) => metadata.name).filter((name) => !name.startsWith('job')),
      ).toHaveLength(8)
    })
    await stage.kubectl('delete', 'pod', 'gated')
    await stage.kubectl('delete', 'eipc', 'statefulset-0')
    await stage.eventually(async () => {
      const asked = await stage.cluster.audited()
      expect(asked.filter(({ forbidden }) => forbidden)).toEqual([])
      for (const service of asking[way]) {
        const used = new Set(asked.filter((one) => one.service === service).map(({ right }) => right))
        expect([...used].sort()).toEqual((await granted(service)).sort())
      }
      const others = asked.filter(({ service }) => !asking[way].includes(service))
      expect(others).toEqual([])
    }, 90)
  })

  it('are what doctor looks for, and it asks for nothing that they do not grant', async () => {
    const found = async (kubeconfig: string) => {
      const eipctl = createEipctl({
        ...stage.env,
        POD_EIP_CLUSTER: 'kubernetes',
        KUBECONFIG: kubeconfig,
        POD_EIP_ENABLE_EGRESS: '',
      })
      const { stdout } = await eipctl('doctor', '--json')
      const findings: { check: string; state: string; says: string }[] = JSON.parse(stdout)
      return Object.fromEntries(findings.map((one) => [one.check, one]))
    }
    for (const service of asking[way]) {
      const { rights, writes } = await found(stage.cluster.kubeconfigOf(service))
      expect(rights).toMatchObject({
        state: 'ok',
        says: expect.stringContaining(service === 'all-in-one' ? 'watcher and of the publisher' : service),
      })
      // Events are created by the publisher, and read by nobody.
      expect(writes).toMatchObject({ state: 'not checked' })
    }
  })
})
