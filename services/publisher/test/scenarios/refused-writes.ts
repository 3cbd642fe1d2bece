import { type Cluster, eipClaims, KubeError, nodes } from '@pod-eip/kube'
import { describe, expect, test } from 'vitest'
import { told } from './fight.ts'
import { replacedAtWrite } from './replaced-at-write.ts'
import { publicIp, type Scene, soon } from './scene.ts'

const gate = 'tke.cloud.tencent.com/eip-bound'
const gated = { readinessGates: [{ conditionType: gate }] }

/** As API servers tell what policies and webhooks of others refuse. */
const refusals: [string, KubeError, string][] = [
  [
    'a policy, whose refusals look like those of what is invalid',
    new KubeError(
      422,
      'Invalid',
      `pods "web" is forbidden: ValidatingAdmissionPolicy 'team-label' with binding 'team-label' denied request: every Pod needs a label team`,
    ),
    'ValidatingAdmissionPolicy team-label refuses what pod-eip writes',
  ],
  [
    'a policy, whose refusals look like those of a missing right',
    new KubeError(
      403,
      'Forbidden',
      `pods "web" is forbidden: ValidatingAdmissionPolicy 'team-label' with binding 'b' denied request: failed expression: false`,
    ),
    'ValidatingAdmissionPolicy team-label refuses what pod-eip writes',
  ],
  [
    'a webhook, whose refusals look like those of what has gone',
    new KubeError(404, 'NotFound', 'admission webhook "deny.example.com" denied the request: no team'),
    'Admission webhook deny.example.com refuses what pod-eip writes',
  ],
  [
    'a webhook, whose refusals look like those of what has changed',
    new KubeError(409, 'Conflict', 'admission webhook "deny.example.com" denied the request: no team'),
    'Admission webhook deny.example.com refuses what pod-eip writes',
  ],
  [
    'a webhook without a word',
    new KubeError(
      400,
      'BadRequest',
      'admission webhook "deny.example.com" denied the request without explanation',
    ),
    'Admission webhook deny.example.com refuses what pod-eip writes',
  ],
  [
    'a webhook that is not there',
    new KubeError(
      500,
      'InternalError',
      'Internal error occurred: failed calling webhook "deny.example.com": failed to call webhook: Post "https://127.0.0.1:1/": dial tcp 127.0.0.1:1: connect: connection refused',
    ),
    'Admission webhook deny.example.com refuses what pod-eip writes',
  ],
  [
    'a rule of the API server itself',
    new KubeError(403, 'Forbidden', 'pods "web" is forbidden: this is not the time'),
    'The API server refuses what pod-eip writes',
  ],
]

/** Others who do not let the publisher write. */
export function refusedWritesScenarios(scene: Scene): void {
  /** Refuses writes of that kind until it is told to let them through. */
  function refuse(what: string, error: KubeError): { stop: () => void } {
    let refusing = true
    const unless = (plural: string) => {
      if (refusing && plural === what) throw error
    }
    scene.meets({
      apply: async (...args: Parameters<Cluster['apply']>) => {
        unless(args[0].plural)
        return scene.cluster.apply(...args)
      },
      mergePatch: async (...args: Parameters<Cluster['mergePatch']>) => {
        unless(args[0].plural)
        return scene.cluster.mergePatch(...args)
      },
    })
    return {
      stop: () => {
        refusing = false
      },
    }
  }
  const condition = async () =>
    ((await scene.stage.pod(scene.name))?.status?.conditions ?? []).find(
      ({ type }: { type: string }) => type === gate,
    )?.status
  const events = () => scene.stage.eventsOf(scene.name)

  describe.each(refusals)('what is refused on Pods by %s', (_, error, says) => {
    test('is told once, holds nothing else up, and is made up for without blaming anybody', async () => {
      const { stop } = refuse('pods', error)
      const { publisher } = scene.stage.publish()
      await scene.boundPod({}, gated)
      await expect.poll(scene.phase, soon).toBe('Bound')
      await expect.poll(events, soon).toEqual(expect.arrayContaining(['EIPClaim WriteRefused']))
      await expect.poll(events, soon).toEqual(expect.arrayContaining(['Pod WriteRefused']))
      await expect
        .poll(() => publisher.health(), soon)
        .toMatchObject({ ready: true, failing: 1, refused: 2, refusal: expect.stringContaining(says) })
      expect(scene.stage.warnings.filter((line) => line.startsWith(says))).toHaveLength(2)
      expect(scene.stage.warnings.filter((line) => !line.startsWith(says))).toEqual([])
      expect(await scene.annotations()).toEqual({})
      stop()
      await expect.poll(scene.annotations, soon).toHaveProperty([publicIp], '203.0.113.1')
      await expect.poll(condition, soon).toBe('True')
      await expect.poll(() => publisher.health(), soon).toMatchObject({ failing: 0, refused: 0, refusal: '' })
      expect(await told(scene, scene.name)).toEqual([])
    })
  })

  const denied = new KubeError(
    422,
    'Invalid',
    `"web" is forbidden: ValidatingAdmissionPolicy 'frozen' with binding 'frozen' denied request: nothing changes now`,
  )

  test('an EIPClaim that may not be made is told of on its Pod, and made when it may be', async () => {
    const { stop } = refuse('eipclaims', denied)
    scene.stage.publish()
    await scene.boundPod({}, gated)
    await expect.poll(events, soon).toEqual(expect.arrayContaining(['Pod WriteRefused']))
    await expect.poll(scene.annotations, soon).toHaveProperty([publicIp])
    expect(await scene.cluster.get(eipClaims, 'default', scene.name)).toBeNull()
    stop()
    await expect.poll(scene.phase, soon).toBe('Bound')
    expect(await told(scene, scene.name)).toEqual([])
  })

  test('a Node whose capacity may not be written is told of on the Node, and shows it when it may be', async () => {
    const name = `node-of-${scene.name}`
    const node = await scene.cluster.create(nodes, { metadata: { name } })
    const { stop } = refuse('nodes', denied)
    scene.stage.publish()
    await scene.stage.nodeSeen(name, node.metadata.uid!)
    await expect.poll(() => scene.stage.eventsOf(name), soon).toEqual(['Node WriteRefused'])
    stop()
    const capacity = async () => (await scene.cluster.get(nodes, null, name))?.status?.capacity
    await expect.poll(capacity, soon).toHaveProperty(['tke.cloud.tencent.com/eip'])
    expect(await told(scene, name)).toEqual([])
  })

  test('a Pod of another uid is no refusal', async () => {
    const replaced = replacedAtWrite(scene)
    const { publisher } = scene.stage.publish()
    await scene.boundPod()
    await scene.published()
    expect(replaced()).toBe(true)
    expect(publisher.health()).toMatchObject({ refused: 0, failing: 0 })
    expect(scene.stage.warnings).toEqual([])
  })
}
