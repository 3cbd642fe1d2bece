import { pods } from '@pod-eip/kube'
import { expect, it } from 'vitest'
import { hostileTexts, unprintable } from '../hostile/hostile-text.ts'
import { annotation, podManifest } from './harness/manifests.ts'
import { onEveryCluster } from './harness/stage.ts'

/** An API server takes 256 KiB of annotations in all. */
const mostOfOne = 60_000
const kinds = Object.entries(hostileTexts).map(([kind, text], at) => ({
  ...{ kind, name: `bad-${at}`, text: text.slice(0, mostOfOne) },
}))
/** JSON whose fields nobody knows: it is served with the defaults, and warned of. */
const unknownFields = ['prototype keys', 'deep within the limit']
const expiry = 'tke.cloud.tencent.com/claim-expired-duration'

onEveryCluster('annotations that wish ill', { cpus: [48, 48] }, (stage) => {
  const phaseOf = async (name: string) => (await stage.eipClaim(name))?.status?.phase

  it('each have their condition, and the Pods beside them their EIPs', async () => {
    const { client } = stage.cluster
    for (const { name, text } of kinds) {
      await client.create(pods, podManifest(name, { attributes: text, withoutResource: true }))
    }
    const all = { [annotation.deletePolicy]: 0, [annotation.idList]: 0, [expiry]: 0 }
    for (const { name, text } of kinds.slice(0, 8)) {
      const annotations = Object.fromEntries(Object.keys(all).map((key) => [key, text]))
      await client.create(
        pods,
        podManifest(`all-${name}`, { attributes: text, annotations, withoutResource: true }),
      )
    }
    await client.create(pods, podManifest('good', { withoutResource: true }))
    await stage.eventually(async () => {
      expect(await phaseOf('good')).toBe('Bound')
      for (const { kind, name } of kinds) {
        const accepted = await stage.condition(name, 'Accepted')
        if (unknownFields.includes(kind)) expect(accepted).toMatchObject({ status: 'True' })
        else expect([kind, accepted]).toMatchObject([kind, { status: 'False', reason: 'Invalid' }])
        expect(accepted?.message).not.toMatch(unprintable)
        expect(accepted?.message?.length).toBeLessThan(500)
      }
      for (const { name } of kinds.slice(0, 8)) {
        expect(await stage.condition(`all-${name}`, 'Accepted')).toMatchObject({ status: 'False' })
      }
    })
    for (const { name } of kinds.filter(({ kind }) => unknownFields.includes(kind))) {
      await stage.eventually(async () => expect(await phaseOf(name)).toBe('Bound'))
    }
  })

  it('are shown by eipctl without anything that a terminal would act on', async () => {
    for (const argv of [['events'], ['claims'], ['explain', 'bad-7']]) {
      const { stdout, exitCode } = await stage.eipctl(...argv)
      expect(exitCode).toBe(0)
      expect(stdout.replaceAll('\n', '')).not.toMatch(unprintable)
    }
  })

  it('leave the services at work: who comes later is served', async () => {
    await stage.cluster.client.create(pods, podManifest('later', { withoutResource: true }))
    await stage.eventually(async () => expect(await phaseOf('later')).toBe('Bound'))
  })
})
