import { eipClaims, pods } from '@pod-eip/kube'
import { beforeAll, expect, it } from 'vitest'
import { podManifest } from '../e2e/harness/manifests.ts'
import { serviceNames } from '../e2e/harness/services.ts'
import { expectWhole } from './checks/expect-whole.ts'
import { onFaultStage } from './fault-stage.ts'
import { startBreakableWires } from './wires-of-service.ts'

const hour = 3_600_000
const namespace = 'default'
const names = ['stays', 'ends', 'ends-kept', 'replaced', 'forgotten', 'forgotten-alive']

onFaultStage(
  'the API server away for an hour',
  {
    cpus: [48, 48],
    env: { POD_EIP_CLAIM_EXPIRED_DURATION: '30m' },
    wires: (_, targets, dir) => startBreakableWires(targets, dir),
  },
  (stage) => {
    const status = async (name: string) => (await stage.eipClaim(name))?.status ?? {}
    const before = new Map<string, string>()
    const isKept = (name: string) => !['ends', 'forgotten-alive'].includes(name)
    const create = (name: string) =>
      stage.cluster.client.create(pods, podManifest(name, { isStatic: isKept(name) }))
    const end = (name: string) => stage.cluster.client.delete(pods, namespace, name)
    const allBound = (...which: string[]) =>
      stage.eventually(async () => {
        for (const name of which)
          expect([name, await status(name)]).toEqual([name, expect.objectContaining({ phase: 'Bound' })])
      })
    /** The object goes at once, whoever would still have something to do before. */
    async function takeAway(name: string): Promise<void> {
      const { client } = stage.cluster
      await client.mergePatch(eipClaims, namespace, name, { metadata: { finalizers: null } })
      await client.delete(eipClaims, namespace, name)
    }

    beforeAll(async () => {
      await stage.start(...serviceNames)
      for (const name of names) await create(name)
      await allBound(...names)
      for (const name of names) before.set(name, (await status(name)).eipId)
      await end('forgotten')
      await stage.eventually(async () => expect((await status('forgotten')).phase).toBe('Retained'))
    })

    it('and Pods and claims gone when it comes back: all is as if it had been there', async () => {
      for (const { wires } of stage.processes) wires.wires.cluster.goAway()
      for (const name of ['ends', 'ends-kept', 'replaced']) await end(name)
      await stage.eventually(async () => expect(await stage.pods()).toHaveLength(2))
      await create('replaced')
      await create('new')
      for (const name of ['forgotten', 'forgotten-alive']) await takeAway(name)
      await stage.leap(hour)
      for (const { wires } of stage.processes) wires.wires.cluster.comeBack()

      await allBound('stays', 'replaced', 'new', 'forgotten-alive')
      await stage.eventually(async () => {
        expect((await status('ends-kept')).phase).toBe('Retained')
        expect((await stage.eipClaims()).map(({ metadata }) => metadata.name).sort()).toEqual([
          'ends-kept',
          'forgotten-alive',
          'new',
          'replaced',
          'stays',
        ])
      })
      for (const name of ['stays', 'ends-kept', 'replaced', 'forgotten-alive'])
        expect([name, (await status(name)).eipId]).toEqual([name, before.get(name)])
      await expectWhole(stage, [])
      expect(stage.cloud.region.addresses()).toHaveLength(5)
      expect(stage.supervisor.ended).toEqual([])
      expect(stage.supervisor.restarted).toEqual([])
    })
  },
)
