import { beforeAll, expect, it } from 'vitest'
import { annotation, podManifest, workloadManifest } from './harness/manifests.ts'
import { onEveryCluster } from './harness/stage.ts'

const cpus = [48]
const minute = 60_000
const pods = ['unbound-0', 'released-0', 'moved-0']

onEveryCluster('what others do to EIPs', { cpus, movesTime: true }, (stage) => {
  const claim = async (name: string) => (await stage.claims()).find(({ key }) => key === `default/${name}`)!
  const inCloud = (id: string) => stage.cloud.region.addresses().find(({ addressId }) => addressId === id)
  /** A call by somebody with the same account, made again while what was done before has not settled. */
  async function somebody(action: string, body: object): Promise<{ AddressSet?: string[] }> {
    const { accounts, regions } = stage.cloud.simulator.config
    const from = { account: accounts[0]!.uin, region: regions[0]!, version: '2017-03-12' }
    let answer: { AddressSet?: string[]; Error?: object } = {}
    await stage.eventually(() => {
      answer = stage.cloud.simulator.call({ ...from, action, body })
      expect(answer.Error).toBeUndefined()
    })
    return answer
  }
  async function unbind(id: string): Promise<void> {
    await somebody('DisassociateAddress', { AddressId: id })
    await stage.eventually(() => expect(inCloud(id)?.status).toBe('UNBIND'))
  }
  async function expectBoundToItsPod(name: string): Promise<string> {
    const eip = (await claim(name)).address!.id
    const pod = (await stage.pod(name))!
    expect((await claim(name)).phase).toBe('Bound')
    expect(inCloud(eip)?.binding?.privateIpAddress).toBe(pod.status?.podIP)
    expect(pod.metadata.annotations?.[annotation.eipId]).toBe(eip)
    return eip
  }
  const told = async (name: string) => {
    const events = await stage.kubectl('get', 'events', '--field-selector', `reason=EipDrifted`, '-o', 'json')
    return (
      JSON.parse(events) as { items: { involvedObject: { kind: string; name: string }; message: string }[] }
    ).items
      .filter(({ involvedObject }) => involvedObject.name === name)
      .map(({ involvedObject, message }) => `${involvedObject.kind}: ${message}`)
  }

  beforeAll(async () => {
    stage.env.POD_EIP_SURVEY_INTERVAL = '10s'
    stage.env.POD_EIP_ORPHAN_GRACE = '10m'
    await stage.services.kill('worker')
    await stage.services.start('worker')
    await stage.kubectl.apply(
      ...['unbound', 'released', 'moved'].map((name) =>
        workloadManifest('StatefulSet', name, 1, { isStatic: true }),
      ),
    )
    await stage.eventually(async () => {
      for (const name of pods) await expectBoundToItsPod(name)
    })
    // What happened a moment ago may not be shown yet, and is left in peace.
    await stage.leap(3 * minute)
  })

  it('an EIP that somebody unbound is bound again, and the Pod says what happened', async () => {
    const eip = (await claim('unbound-0')).address!.id
    await unbind(eip)
    await stage.eventually(async () => {
      expect(await stage.logged()).toContainEqual(expect.objectContaining({ type: 'AddressDrifted' }))
      expect(await expectBoundToItsPod('unbound-0')).toBe(eip)
    })
    await stage.eventually(async () => {
      const sentence = new RegExp(
        `^(Pod|EIPClaim): Somebody unbound EIP ${eip} .*; it is bound there again\\.$`,
      )
      const words = await told('unbound-0')
      expect(words).toHaveLength(2)
      for (const word of words) expect(word).toMatch(sentence)
    })
  })

  it('one that somebody released is replaced', async () => {
    const eip = (await claim('released-0')).address!.id
    await unbind(eip)
    await somebody('ReleaseAddresses', { AddressIds: [eip] })
    await stage.eventually(async () => {
      expect(await expectBoundToItsPod('released-0')).not.toBe(eip)
    })
  })

  it('one that somebody bound where another Pod is stays there until he unbinds it', async () => {
    await stage.kubectl.apply(podManifest('bystander', { attributes: null, withoutResource: true }))
    let bystander = ''
    await stage.eventually(async () => {
      bystander = (await stage.pod('bystander'))?.status?.podIP ?? ''
      expect(bystander).not.toBe('')
    })
    const eip = (await claim('moved-0')).address!.id
    await unbind(eip)
    const eni = stage.cloud.region
      .networkInterfaces()
      .find(({ privateIps }) => privateIps.includes(bystander))!
    const there = { NetworkInterfaceId: eni.networkInterfaceId, PrivateIpAddress: bystander }
    await somebody('AssociateAddress', { AddressId: eip, ...there })
    await stage.eventually(async () => {
      const ready = await stage.condition('moved-0', 'Ready')
      expect(ready).toMatchObject({ status: 'False', reason: 'AddressBoundElsewhere' })
      expect(ready.message).toContain(bystander)
    })
    expect(inCloud(eip)?.binding?.privateIpAddress).toBe(bystander)
    await unbind(eip)
    await stage.eventually(async () => expect(await expectBoundToItsPod('moved-0')).toBe(eip))
  })

  it('an EIP that an allocation brought when it was over goes back after its grace, and no other does', async () => {
    const { allocationId } = (await stage.logged()).find(({ type }) => type === 'AllocationDecided')!
      .data as {
      allocationId: string
    }
    const cluster = { Key: 'tke-clusterId', Value: stage.clusterId }
    const allocate = async (tags: object[]) =>
      (await somebody('AllocateAddresses', { AddressCount: 1, Tags: tags })).AddressSet![0]!
    const late = await allocate([cluster, { Key: 'pod-eip/allocation', Value: allocationId }])
    const unknown = await allocate([cluster, { Key: 'pod-eip/allocation', Value: 'of-another-log' }])
    const ipamd = await allocate([cluster, { Key: 'tke-created-eip', Value: 'true' }])
    const survey = await stage.eipctl('survey')
    expect(survey.exitCode).toBe(1)
    expect(survey.stdout).toContain('in the hands of nobody: 1; left alone: 1.')
    await stage.leap(11 * minute)
    await stage.eventually(() => expect(inCloud(late)).toBeUndefined())
    expect(inCloud(unknown)?.status).toBe('UNBIND')
    expect(inCloud(ipamd)?.status).toBe('UNBIND')
    for (const name of pods) await expectBoundToItsPod(name)
    const { exitCode, stdout } = await stage.eipctl('replay')
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('identical')])
  })
})
