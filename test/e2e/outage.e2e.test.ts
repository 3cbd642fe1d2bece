import type { Claim } from '@pod-eip/domain'
import type { KubeObject } from '@pod-eip/kube'
import { beforeAll, expect, it } from 'vitest'
import { annotation, workloadManifest } from './harness/manifests.ts'
import { serviceNames } from './harness/services.ts'
import { onEveryCluster } from './harness/stage.ts'

/** Room for 36 EIPs. */
const cpus = [48, 48, 48, 48]
/** A killed worker's calls are taken up again once its locks in the queue have run out. */
const outageSeconds = 150

onEveryCluster('an outage of everything', { cpus }, (stage) => {
  const bound = (claims: KubeObject[]) => claims.filter(({ status }) => status?.phase === 'Bound')

  beforeAll(async () => {
    await stage.kubectl.apply(
      workloadManifest('Deployment', 'burst', 20),
      workloadManifest('StatefulSet', 'kept', 10, { isStatic: true }),
    )
    await stage.eventually(async () => {
      const claims = await stage.eipClaims()
      expect(claims).toHaveLength(30)
      expect(bound(claims).length).toBeGreaterThan(3)
    })
  })

  it(
    'in the middle of a burst: nothing is lost, nothing is left over',
    async () => {
      await stage.services.kill(...serviceNames)
      const before = await stage.eipClaims()
      expect(bound(before).length).toBeLessThan(30)
      // Static claims had an EIP to keep, if one was on record when it went dark.
      const kept = before
        .filter(
          ({ metadata, status }) => ['kept-6', 'kept-7', 'kept-8'].includes(metadata.name) && status?.eipId,
        )
        .map(({ metadata, status }) => `default/${metadata.name} Retained ${status.eipId}`)

      const some = (await stage.pods('app=burst')).slice(0, 3).map(({ metadata }) => metadata.name)
      await stage.kubectl('delete', 'pod', '--wait=false', ...some, 'kept-0', 'kept-1')
      await stage.kubectl('scale', 'deployment/burst', '--replicas=12')
      await stage.kubectl('scale', 'statefulset/kept', '--replicas=6')
      // Of a live Pod, which keeps its EIP, and of one that goes.
      await stage.kubectl('delete', 'eipc', '--wait=false', 'kept-2', 'kept-9')
      await stage.eventually(async () => expect(await stage.pods()).toHaveLength(18))

      await stage.services.start(...serviceNames)
      await stage.eventually(async () => {
        const live = await stage.pods()
        const claims = await stage.claims()
        expect(live).toHaveLength(18)
        for (const pod of live) expectItsOwnEip(pod, claims)
        expectNoOther(live, claims, kept)
        expect((await stage.eipClaims()).map(({ metadata }) => `default/${metadata.name}`).sort()).toEqual(
          claims.map(({ key }) => key).sort(),
        )
      }, outageSeconds)
    },
    (outageSeconds + 60) * 1_000,
  )

  /** Bound to it, on record in the cluster and in the cloud. */
  function expectItsOwnEip(pod: KubeObject, claims: Claim[]): void {
    const { name, uid, annotations } = pod.metadata
    const claim = claims.find(({ key }) => key === `default/${name}`)
    expect([name, claim?.phase, claim?.binding?.podUid]).toEqual([name, 'Bound', uid])
    expect([name, annotations?.[annotation.eipId]]).toEqual([name, claim?.address?.id])
    const address = stage.cloud.region.addresses().find(({ addressId }) => addressId === claim?.address?.id)
    expect([name, address?.binding?.privateIpAddress]).toEqual([name, pod.status?.podIP])
  }

  /** Those of the Pods, and those that static claims keep; each allocated once. */
  function expectNoOther(live: KubeObject[], claims: Claim[], kept: string[]): void {
    const podless = claims
      .filter(({ key }) => !live.some(({ metadata }) => key === `default/${metadata.name}`))
      .map(({ key, phase, address }) => `${key} ${phase} ${address?.id}`)
    expect(podless).toEqual(expect.arrayContaining(kept))
    for (const one of podless) expect(one).toMatch(/^default\/kept-[678] Retained eip-/)
    const held = stage.cloud.region.addresses().map(({ addressId }) => addressId)
    expect(held.sort()).toEqual(claims.map(({ address }) => address?.id).sort())
  }

  it('no claim was given two EIPs for one', async () => {
    const allocations = stage.cloud.region.ledger().filter(({ event }) => event === 'allocated')
    const completed = (await stage.logged())
      .filter(({ type }) => type === 'AllocationCompleted')
      .flatMap(({ data }) => data.addresses as { addressId: string }[])
    const known = completed.map(({ addressId }) => addressId)
    expect(new Set(known).size).toBe(known.length)
    expect(allocations.map(({ addressId }) => addressId).sort()).toEqual(known.sort())
  })

  it('the log tells it all again, record by record', async () => {
    await stage.eventually(async () => {
      const { stdout, exitCode } = await stage.eipctl('replay')
      expect({ stdout, exitCode }).toMatchObject({ exitCode: 0 })
    })
  })
})
