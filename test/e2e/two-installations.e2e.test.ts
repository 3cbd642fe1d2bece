import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createTestDatabase, freePort, uniquePrefix } from '@pod-eip/devstack'
import { eipClaims, events, type KubeObject, nodes } from '@pod-eip/kube'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openEipctlHere } from './harness/eipctl-here.ts'
import { podManifest } from './harness/manifests.ts'
import { createQuestions, type Questions } from './harness/questions.ts'
import { createServiceProcesses, type ServiceProcesses } from './harness/services.ts'
import { onEveryCluster, type Stage } from './harness/stage.ts'

const ours = 'tke.cloud.tencent.com'
const theirs = 'eip.example.com'
const node = '10.0.0.4'
const finalizer = (domain: string) => `networking.${domain}/eip-reclaim`

/** A second pod-eip for the stage's cluster and cloud, with an annotation domain, an id and a log of its own. */
async function installBeside(stage: Stage) {
  const { url, schema, drop } = await createTestDatabase()
  const logs = join(stage.env.HOME!, 'beside')
  await mkdir(logs)
  const env = {
    ...stage.env,
    POD_EIP_ANNOTATION_DOMAIN: theirs,
    POD_EIP_CLUSTER_ID: uniquePrefix().slice(1, -1),
    POD_EIP_DATABASE_SCHEMA: schema,
    DATABASE_URL: url,
    POD_EIP_API_PORT: String(await freePort()),
  }
  const services = createServiceProcesses(env, stage.cluster.kubeconfigOf, logs, 'all-in-one')
  const here = openEipctlHere({ url, schema })
  return {
    services,
    asks: createQuestions({ client: stage.cluster.client, eipctl: here.eipctl }),
    async remove() {
      expect(await services.stop()).toEqual([])
      await here.close()
      await drop()
    },
  }
}

/** As the default installation's Pods ask, under the other domain. */
function theirPod(name: string): KubeObject {
  return JSON.parse(JSON.stringify(podManifest(name, { isStatic: true })).replaceAll(ours, theirs))
}

onEveryCluster('two installations', { cpus: [48], way: 'all-in-one' }, (stage) => {
  let beside: { services: ServiceProcesses; asks: Questions; remove: () => Promise<void> }
  beforeAll(async () => {
    beside = await installBeside(stage)
    await beside.services.start('all-in-one')
  })
  afterAll(() => beside.remove())

  const claimsIn = async (namespace: string) =>
    Object.fromEntries(
      (await stage.cluster.client.list(eipClaims, { namespace })).items.map(({ metadata, status }) => [
        metadata.name,
        { phase: status?.phase, finalizers: metadata.finalizers },
      ]),
    )
  const deletionsIn = async (of: Questions) =>
    (await of.logged()).flatMap(({ type, data }) =>
      type === 'EipClaimDeletionRequested' ? [data.claim] : [],
    )
  const corrections = async () =>
    (await stage.cluster.client.list(events)).items
      .map(({ reason }) => reason)
      .filter((reason) => ['ChangeUndone', 'FieldsDisputed', 'ShownByOther'].includes(reason))

  it('with domains of their own show their slots on one Node and their claims, and neither corrects the other', async () => {
    await stage.kubectl.apply(podManifest('of-ours', { isStatic: true }), theirPod('of-theirs'))
    await stage.eventually(async () =>
      expect(await claimsIn('default')).toEqual({
        'of-ours': { phase: 'Bound', finalizers: [finalizer(ours)] },
        'of-theirs': { phase: 'Bound', finalizers: [finalizer(theirs)] },
      }),
    )
    const managers = async () => {
      const { metadata, status } = (await stage.cluster.client.get(nodes, null, node))!
      const capacity = status.capacity
      // How many is by the other one's EIPs there, as the surveys of the cloud show them.
      for (const domain of [ours, theirs]) expect(capacity[`${domain}/eip`]).toMatch(/^[1-9]$/)
      return (metadata.managedFields as { manager: string }[])
        .filter(({ manager }) => manager.startsWith('pod-eip-publisher'))
        .map(({ manager }) => manager)
        .sort()
    }
    const both = ['pod-eip-publisher', 'pod-eip-publisher.eip.example.com']
    await stage.eventually(async () => expect(await managers()).toEqual(both))
    // Whatever a publisher has to correct it corrects before it publishes a Pod that comes later.
    await stage.kubectl.apply(podManifest('ours-later'), theirPod('theirs-later'))
    await stage.eventually(async () =>
      expect(await claimsIn('default')).toMatchObject({
        'ours-later': { phase: 'Bound' },
        'theirs-later': { phase: 'Bound' },
      }),
    )
    expect(await managers()).toEqual(both)
    expect(await corrections()).toEqual([])
  })

  it('take a deleted EIPClaim for a wish only where it is their own', async () => {
    const eip = async (name: string) => (await stage.eipClaim(name))?.status?.eipId
    const [kept, given] = [await eip('of-ours'), await eip('of-theirs')]
    await stage.kubectl('delete', 'pod', 'of-ours', 'of-theirs')
    await stage.eventually(async () =>
      expect(await claimsIn('default')).toMatchObject({
        'of-ours': { phase: 'Retained' },
        'of-theirs': { phase: 'Retained' },
      }),
    )
    await stage.kubectl('delete', 'eipclaims', 'of-theirs')
    await stage.eventually(async () => {
      expect(await claimsIn('default')).not.toHaveProperty('of-theirs')
      expect(stage.cloud.region.addresses().map(({ addressId }) => addressId)).not.toContain(given)
    })
    expect(await deletionsIn(beside.asks)).toEqual(['default/of-theirs'])
    expect(await deletionsIn(stage)).toEqual([])
    expect(await eip('of-ours')).toBe(kept)
  })

  it('are both waited for when a namespace goes', async () => {
    const inDoomed = (pod: KubeObject) => ({ ...pod, metadata: { ...pod.metadata, namespace: 'doomed' } })
    await stage.kubectl('create', 'namespace', 'doomed')
    await stage.eventually(() =>
      stage.kubectl.apply(inDoomed(podManifest('a', { isStatic: true })), inDoomed(theirPod('b'))),
    )
    await stage.eventually(async () =>
      expect(await claimsIn('doomed')).toMatchObject({ a: { phase: 'Bound' }, b: { phase: 'Bound' } }),
    )
    await beside.services.kill('all-in-one')
    await stage.kubectl('delete', 'namespace', 'doomed', '--wait=false')
    await stage.eventually(async () => expect(Object.keys(await claimsIn('doomed'))).toEqual(['b']), 150)
    expect((await claimsIn('doomed')).b).toMatchObject({ phase: 'Bound', finalizers: [finalizer(theirs)] })
    await beside.services.start('all-in-one')
    await stage.eventually(
      async () => expect(await stage.kubectl('get', 'namespace', 'doomed', '--ignore-not-found')).toBe(''),
      150,
    )
    expect(await deletionsIn(beside.asks)).toContain('doomed/b')
    expect(await deletionsIn(stage)).toEqual(['doomed/a'])
    await stage.eventually(async () =>
      expect(
        [...(await stage.claims('--all')), ...(await beside.asks.claims('--all'))]
          .filter(({ key }) => key.startsWith('doomed/'))
          .map(({ phase }) => phase),
      ).toEqual(['Released', 'Released']),
    )
    expect(await corrections()).toEqual([])
  })
})
