import { configMaps, KubeError } from '@pod-eip/kube'
import { describe, expect, test } from 'vitest'
import { annotation, original, place, reset, setStage, target } from './testing/egress-stage.ts'

describe('what others do', () => {
  test('edits stay, and ours stand beside them', async () => {
    const stage = await setStage()
    stage.publish()
    stage.bind('a', '10.0.0.4')
    await stage.tick(10)
    const { data } = await stage.shown()
    await stage.edit({
      data: { config: data.config.replace('"MasqLinkLocal":true', '"MasqLinkLocal" : false') },
    })
    stage.bind('b', '10.0.0.8')
    await stage.tick(10)
    stage.end('a')
    stage.end('b')
    await stage.tick(10)
    expect((await stage.shown()).data.config).toBe(
      original.replace('"MasqLinkLocal":true', '"MasqLinkLocal" : false'),
    )
  })

  test('what is taken out comes back, told who did it; once the Pod has ended it does not', async () => {
    const stage = await setStage()
    stage.publish()
    stage.bind('a', '10.0.0.4')
    await stage.tick(10)
    await stage.edit(reset)
    await stage.tick(10)
    expect(await stage.list()).toContain('10.0.0.4/32')
    expect(await stage.told()).toEqual([
      {
        reason: 'EgressEntriesTaken',
        message: expect.stringMatching(
          /^kubectl-edit took out of ConfigMap kube-system\/ip-masq-agent-config what/,
        ),
      },
    ])
    await stage.edit(reset)
    stage.end('a')
    await stage.tick(60)
    expect((await stage.shown()).data.config).toBe(original)
  })

  test('who takes it out again and again is answered ever more rarely; what is new goes in meanwhile', async () => {
    const stage = await setStage()
    stage.publish()
    stage.bind('a', '10.0.0.4')
    await stage.tick(10)
    let resets = 0
    for (let second = 0; second < 3_600; second += 1) {
      if ((await stage.list()).length > 1) {
        await stage.edit(reset)
        resets += 1
      }
      await stage.tick(1)
    }
    expect(resets).toBeLessThan(25)
    expect(resets).toBeGreaterThan(10)
    stage.bind('b', '10.0.0.8')
    await stage.tick(10)
    expect(await stage.list()).toEqual(['172.16.9.2/32', '10.0.0.8/32'])
    await stage.tick(600)
    expect(new Set(await stage.list())).toEqual(new Set(['172.16.9.2/32', '10.0.0.4/32', '10.0.0.8/32']))
    expect((await stage.told()).map(({ reason }) => reason)).toEqual(['EgressEntriesTaken'])
  })

  test('an annotation that is taken away comes back, and what is ours still goes with its Pod', async () => {
    const stage = await setStage()
    stage.publish()
    stage.bind('a', '10.0.0.4')
    await stage.tick(10)
    await stage.edit({ metadata: { annotations: { [annotation]: null } } })
    await stage.tick(10)
    expect((await stage.shown()).metadata.annotations).toHaveProperty([annotation])
    await stage.edit({ metadata: { annotations: { [annotation]: '{broken' } } })
    stage.end('a')
    await stage.tick(10)
    expect((await stage.shown()).data.config).toBe(original)
    expect((await stage.shown()).metadata.annotations ?? {}).toEqual({})
  })

  test('entries that are taken out together with their annotation come back at once, the first time', async () => {
    const stage = await setStage()
    stage.publish()
    stage.bind('a', '10.0.0.4')
    await stage.tick(10)
    await stage.edit({ ...reset, metadata: { annotations: { [annotation]: null } } })
    await stage.tick(6)
    expect(await stage.list()).toContain('10.0.0.4/32')
    expect((await stage.shown()).metadata.annotations).toHaveProperty([annotation])
  })

  test('as long as what was taken out rests, nothing says that all is well', async () => {
    const stage = await setStage()
    let refuses = true
    const { egress } = stage.publish(target, {
      ...stage.cluster,
      mergePatch: async (...args) => {
        if (refuses) throw new KubeError(422, 'Invalid', 'data: Forbidden: field is immutable')
        return stage.cluster.mergePatch(...args)
      },
    })
    stage.bind('a', '10.0.0.4')
    await stage.tick(10)
    refuses = false
    stage.bind('b', '10.0.0.9')
    await stage.tick(10)
    expect(egress.health()!.problem).toBe('')
    refuses = true
    await stage.edit(reset)
    await stage.tick(10)
    expect(egress.health()!.problem).toMatch(/immutable/)
    await stage.edit({ data: { more: 'x' } })
    await stage.tick(2)
    expect(egress.health()!.problem).toMatch(/immutable/)
  })

  test.each([
    [
      403,
      'Forbidden',
      `configmaps "x" is forbidden: ValidatingAdmissionPolicy 'frozen' with binding 'b' denied request: not now`,
      'ValidatingAdmissionPolicy frozen',
    ],
    [
      409,
      'Conflict',
      'admission webhook "deny.example.com" denied the request: not now',
      'admission webhook deny.example.com',
    ],
  ])(
    'who refuses the change, with status %i, is named, and no right is asked for',
    async (status, reason, message, by) => {
      const stage = await setStage()
      let refuses = true
      const { egress } = stage.publish(target, {
        ...stage.cluster,
        mergePatch: async (...args) => {
          if (refuses) throw new KubeError(status, reason, message)
          return stage.cluster.mergePatch(...args)
        },
      })
      stage.bind('a', '10.0.0.4')
      await stage.tick(10)
      expect(egress.health()!.problem).toMatch(
        `cannot be kept, for ${by} does not take the change (not now); let`,
      )
      refuses = false
      await stage.tick(60)
      expect(egress.health()!.problem).toBe('')
      expect(await stage.list()).toContain('10.0.0.4/32')
      expect((await stage.told()).map((event) => event.reason)).toEqual(['EgressNotKept'])
    },
  )

  test('a ConfigMap that is replaced gets the entries again', async () => {
    const stage = await setStage()
    stage.publish()
    stage.bind('a', '10.0.0.4')
    await stage.tick(10)
    await stage.cluster.delete(configMaps, place.namespace, place.name)
    await stage.tick(10)
    await stage.cluster.create(configMaps, stage.configMap({ config: '{}' }))
    await stage.tick(10)
    expect(await stage.list()).toEqual(['10.0.0.4/32'])
  })
})

describe('what cannot be kept is told, and nothing is written', () => {
  const refused = { data: { config: 'NonMasqueradeSrcCIDRs: 1' } }

  test.each<[string, string | null, RegExp]>([
    ['no ConfigMap', null, /^There is no ConfigMap kube-system\/ip-masq-agent-config, so nothing is done/],
    [
      'a text that cannot be read',
      'a: [',
      /^ConfigMap .* is left alone, because what is under config is not YAML/,
    ],
    ['an empty text', '', /has no text under config, so nothing is done for egress; put/],
  ])('%s', async (_, text, says) => {
    const stage = await setStage(text)
    const { egress } = stage.publish()
    stage.bind('a', '10.0.0.4')
    await stage.tick(3_600)
    expect(stage.writes).toEqual([])
    expect(egress.health()).toEqual({ addresses: 1, problem: expect.stringMatching(says) })
    if (text !== null) expect(await stage.told()).toMatchObject([{ reason: 'EgressNotKept' }])
    if (text === null) await stage.cluster.create(configMaps, stage.configMap({ config: original }))
    else await stage.edit(reset)
    await stage.tick(10)
    expect(egress.health()!.problem).toBe('')
    expect(await stage.list()).toContain('10.0.0.4/32')
  })

  test('a text that becomes unreadable, and what others have in it then', async () => {
    const stage = await setStage()
    stage.publish()
    stage.bind('a', '10.0.0.4')
    await stage.tick(10)
    await stage.edit(refused)
    stage.end('a')
    await stage.tick(60)
    expect((await stage.shown()).data.config).toBe(refused.data.config)
  })

  test('an immutable one', async () => {
    const stage = await setStage(null)
    await stage.cluster.create(configMaps, stage.configMap({ config: original }, { immutable: true }))
    const { egress } = stage.publish(target, {
      ...stage.cluster,
      mergePatch: async () => {
        throw new KubeError(422, 'Invalid', 'data: Forbidden: field is immutable when `immutable` is set')
      },
    })
    stage.bind('a', '10.0.0.4')
    await stage.tick(60)
    expect(egress.health()!.problem).toMatch(
      /does not take the change .* see whether it is immutable, or too large/,
    )
  })
})
