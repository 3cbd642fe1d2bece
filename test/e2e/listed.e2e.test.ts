import { beforeAll, expect, it } from 'vitest'
import { annotation, podManifest, workloadManifest } from './harness/manifests.ts'
import { onEveryCluster } from './harness/stage.ts'

const mine = ['eip-first000', 'eip-second00', 'eip-shared00', 'eip-busy0000', 'eip-kept0000', 'eip-spare000']
const [first, second, shared, busy, kept, spare] = mine as [string, string, string, string, string, string]
const superNode = 'eks.tke.cloud.tencent.com/eip-id-list'
const listing = (ids: string[], name: string = annotation.idList) => ({
  attributes: null,
  annotations: { [name]: ids.join(',') },
})

onEveryCluster("EIPs of the user's own", { cpus: [48, 48] }, (stage) => {
  const somebodyCalls = (action: string, body: object) => {
    const { simulator } = stage.cloud
    const account = simulator.config.accounts[0]!.uin
    simulator.call({ account, region: simulator.config.regions[0]!, action, version: '2017-03-12', body })
  }
  const boundTo = (eip: string) =>
    stage.cloud.region.addresses().find(({ addressId }) => addressId === eip)?.binding?.privateIpAddress
  const isBound = (name: string, eip: string) =>
    stage.eventually(async () => {
      const [claim, pod] = [await stage.eipClaim(name), await stage.pod(name)]
      expect([name, claim?.status?.phase, claim?.status?.eipId]).toEqual([name, 'Bound', eip])
      expect(claim?.status?.podUID).toBe(pod?.metadata.uid)
      expect(boundTo(eip)).toBe(pod?.status?.podIP)
      expect(pod?.metadata.annotations?.[annotation.eipId]).toBe(eip)
    })
  const says = (name: string, reason: string, words: string) =>
    stage.eventually(async () => {
      const ready = await stage.condition(name, 'Ready')
      expect(ready).toMatchObject({ status: 'False', reason, message: expect.stringContaining(words) })
    })
  const warnings = async (name: string) =>
    (await stage.kubeEvents(name)).filter((event) => event.startsWith('Pod Warning'))

  beforeAll(async () => {
    const { region } = stage.cloud
    for (const eip of mine) region.buyAddress(eip)
    region.upsertNetworkInterface({ networkInterfaceId: 'eni-theirs', privateIps: ['172.16.0.9'] })
    const theirs = { NetworkInterfaceId: 'eni-theirs', PrivateIpAddress: '172.16.0.9' }
    somebodyCalls('AssociateAddress', { AddressId: busy, ...theirs })
    await stage.kubectl.apply(
      workloadManifest('StatefulSet', 'partner', 3, listing([first, second])),
      podManifest('one', listing([shared])),
      podManifest('busy', listing([busy])),
      podManifest('kept', { ...listing([kept], superNode), isStatic: true }),
      podManifest('unknown', listing(['eip-unknown0'])),
      podManifest('twice', listing([spare, spare])),
    )
  })

  it('go to Pods by the number of their names; a Pod beyond the list waits and says why', async () => {
    await isBound('partner-0', first)
    await isBound('partner-1', second)
    await says('partner-2', 'BeyondList', 'names only 2 EIPs and Pod partner-2 is number 2')
    expect((await stage.eipClaim('partner-1'))?.spec).toMatchObject({
      source: 'listed',
      eipIds: [first, second],
    })
  })

  it('one that somebody else has bound is waited for, not unbound', async () => {
    await says(
      'busy',
      'ListedAddressInUse',
      `EIP ${busy} is bound to eni-theirs at 172.16.0.9 by somebody else`,
    )
    expect(boundTo(busy)).toBe('172.16.0.9')
    somebodyCalls('DisassociateAddress', { AddressId: busy })
    await isBound('busy', busy)
  })

  it('bad lists are refused in one sentence and one Warning, and a corrected one is picked up', async () => {
    await says('twice', 'Invalid', `eip-id-list names ${spare} twice`)
    await says('unknown', 'Invalid', 'eip-id-list names eip-unknown0, which does not exist')
    await stage.eventually(async () => {
      expect(await warnings('twice')).toEqual(['Pod Warning InvalidEipRequest'])
      expect(await warnings('unknown')).toEqual(['Pod Warning InvalidEipRequest'])
    })
    await stage.kubectl('annotate', 'pod', 'unknown', '--overwrite', `${annotation.idList}=${spare}`)
    await isBound('unknown', spare)
  })

  it('two Pods for one: the other waits with the reason and takes over when it is free', async () => {
    await isBound('one', shared)
    await stage.kubectl.apply(podManifest('two', listing([shared])))
    await says('two', 'ListedAddressTaken', `EIP ${shared} was taken by default/one`)
    await stage.kubectl('delete', 'pod', 'one', '--wait=false')
    await isBound('two', shared)
  })

  it('a static claim keeps its entry, and gives it back when it is deleted', async () => {
    await isBound('kept', kept)
    await stage.kubectl('delete', 'pod', 'kept')
    await stage.eventually(async () => {
      expect((await stage.eipClaim('kept'))?.status).toMatchObject({ phase: 'Retained', eipId: kept })
    })
    await stage.kubectl('delete', 'eipc', 'kept')
    await stage.eventually(async () => expect(await stage.eipClaim('kept')).toBeNull())
  })

  it('are never released, whatever ends, and the log tells who had them', async () => {
    await stage.kubectl('delete', 'sts', 'partner')
    await stage.kubectl('delete', 'pod', 'two', 'busy', 'unknown', 'twice')
    await stage.eventually(async () => {
      expect(await stage.eipClaims()).toEqual([])
      expect(mine.map(boundTo)).toEqual(mine.map(() => undefined))
    })
    const held = stage.cloud.region.addresses().map(({ addressId }) => addressId)
    expect(held).toEqual(expect.arrayContaining(mine))
    const { stdout } = await stage.eipctl('history', shared)
    for (const who of ['default/one', 'default/two', 'ListedAddressGivenBack']) expect(stdout).toContain(who)
    expect((await stage.logged()).map(({ type }) => type)).not.toContain('ReleaseDecided')
    await stage.eventually(async () => expect(await stage.eipctl('replay')).toMatchObject({ exitCode: 0 }))
  })
})
