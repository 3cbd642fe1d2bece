import type { Holding } from '@pod-eip/domain'
import { describe, expect, it } from 'vitest'
import { annotation, podManifest } from './harness/manifests.ts'
import { inEveryWay } from './harness/stage.ts'

/** Two Nodes with room for two EIPs each. */
const cpus = [8, 8]
const [firstNode, secondNode] = ['10.0.0.4', '10.0.0.5']

inEveryWay('the life of a claim', { cpus }, (stage) => {
  const addressOf = async (name: string) => {
    const id = (await stage.eipClaim(name))?.status?.eipId
    return stage.cloud.region.addresses().find((address) => address.addressId === id)!
  }
  const remove = async (...names: string[]) => {
    await stage.kubectl('delete', 'pod', '--wait=false', ...names)
    await stage.eventually(async () => {
      for (const name of names) expect(await stage.eipClaim(name)).toBeNull()
    })
  }

  it('allocates as soon as the Pod asks and binds once it has an address, as its annotation says', async () => {
    const nowhere = { stage: 'ready' }
    await stage.kubectl.apply(
      podManifest('early', { attributes: { Bandwidth: '50', ISP: 'BGP' }, nodeSelector: nowhere }),
      podManifest('plain', { readinessGate: true }),
    )

    await stage.eventually(async () => {
      expect((await stage.eipClaim('early'))?.status?.phase).toBe('Allocated')
      expect(await stage.condition('early', 'Bound')).toMatchObject({
        status: 'False',
        reason: 'PodNotScheduled',
      })
    })
    expect(await addressOf('early')).toMatchObject({
      status: 'UNBIND',
      bandwidth: 50,
      internetServiceProvider: 'BGP',
      internetChargeType: 'TRAFFIC_POSTPAID_BY_HOUR',
      tags: expect.arrayContaining([
        { key: 'tke-clusterId', value: stage.clusterId },
        { key: 'tke-created-eip', value: expect.any(String) },
        { key: 'pod-eip/allocation', value: expect.any(String) },
      ]),
    })

    await stage.kubectl('label', 'node', secondNode, 'stage=ready')
    await stage.eventually(async () => {
      expect((await stage.eipClaim('early'))?.status).toMatchObject({ phase: 'Bound', nodeName: secondNode })
    })
  })

  it('gives 100 Mbit/s of BGP, paid by traffic, to a Pod that says nothing more', async () => {
    await stage.eventually(async () => expect((await stage.eipClaim('plain'))?.status?.phase).toBe('Bound'))
    expect(await addressOf('plain')).toMatchObject({
      bandwidth: 100,
      internetServiceProvider: 'BGP',
      internetChargeType: 'TRAFFIC_POSTPAID_BY_HOUR',
    })
  })

  it('binds to the network interface that holds the private address of the Pod', async () => {
    const { binding, status } = await addressOf('plain')
    const pod = await stage.pod('plain')
    const interfaces = stage.cloud.region.networkInterfaces()
    const holder = interfaces.find(({ privateIps }) => privateIps.includes(pod?.status?.podIP))
    expect(status).toBe('BIND_ENI')
    expect(binding).toMatchObject({
      networkInterfaceId: holder?.networkInterfaceId,
      privateIpAddress: pod?.status?.podIP,
      byInstance: false,
    })
    expect(stage.cloud.calls.map(({ action }) => action)).toContain('DescribeNetworkInterfaces')
    expect((await stage.eipClaim('plain'))?.status?.networkInterfaceId).toBe(holder?.networkInterfaceId)
  })

  it('writes the address on the Pod and opens its readiness gate', async () => {
    await stage.eventually(async () => {
      const pod = await stage.pod('plain')
      const { addressId, addressIp } = await addressOf('plain')
      expect(pod?.metadata.annotations).toMatchObject({
        [annotation.eipId]: addressId,
        [annotation.publicIp]: addressIp,
      })
      const conditions = pod?.status?.conditions
      const isTrue = (type: string) => expect.objectContaining({ type, status: 'True' })
      expect(conditions).toEqual(
        expect.arrayContaining([isTrue('tke.cloud.tencent.com/eip-bound'), isTrue('Ready')]),
      )
    })
  })

  it('shows the claim as an EIPClaim of the same name: what is wanted, and how it stands', async () => {
    const [pod, address] = [await stage.pod('early'), await addressOf('early')]
    const claim = await stage.kubectl.json('get', 'eipc', 'early')
    expect(claim).toMatchObject({
      apiVersion: 'networking.tke.cloud.tencent.com/v1',
      kind: 'EIPClaim',
      metadata: { name: 'early', namespace: 'default' },
      spec: {
        source: 'auto',
        deletePolicy: 'Release',
        attributes: { internetMaxBandwidthOut: 50, internetServiceProvider: 'BGP' },
        podUID: pod?.metadata.uid,
      },
      status: {
        phase: 'Bound',
        eipId: address.addressId,
        publicIp: address.addressIp,
        nodeName: secondNode,
        networkInterfaceId: address.binding?.networkInterfaceId,
        privateIp: pod?.status?.podIP,
        podUID: pod?.metadata.uid,
        observedGeneration: claim.metadata.generation,
      },
    })
    const conditions: { type: string; status: string; reason: string; message: string }[] =
      claim.status.conditions
    expect(conditions.map(({ type, status }) => `${type} ${status}`)).toEqual([
      'Accepted True',
      'Allocated True',
      'Bound True',
      'Ready True',
    ])
    for (const { reason, message } of conditions) {
      expect(reason).toMatch(/^[A-Z][A-Za-z]+$/)
      expect(message).toMatch(/^[A-Z].+\.$/)
    }
  })

  it('prints in columns, and in more of them when asked', async () => {
    const claim = await stage.kubectl.json('get', 'eipc', 'early')
    const { eipId, publicIp, privateIp, networkInterfaceId, podUID } = claim.status
    const [head, row] = (await stage.kubectl('get', 'eipc', 'early')).split('\n').map(columns)
    expect(head).toEqual(['NAME', 'PHASE', 'EIP', 'ADDRESS', 'NODE', 'REASON', 'AGE'])
    expect(row?.slice(0, 6)).toEqual(['early', 'Bound', eipId, publicIp, secondNode, 'Bound'])

    const [wideHead, wideRow] = (await stage.kubectl('get', 'eipclaims', 'early', '-o', 'wide'))
      .split('\n')
      .map(columns)
    expect(wideHead?.slice(7)).toEqual(['PRIVATE-IP', 'ENI', 'POLICY', 'RETAINED-UNTIL', 'POD-UID'])
    expect(wideRow).toEqual(expect.arrayContaining([privateIp, networkInterfaceId, 'Release', podUID]))
  })

  it('tells each turn of fate as an Event on the Pod and on the claim', async () => {
    await stage.eventually(async () => {
      expect(await stage.kubeEvents('early')).toEqual(
        expect.arrayContaining([
          'Pod Normal AllocatedEip',
          'EIPClaim Normal AllocatedEip',
          'Pod Normal AssociatedEip',
          'EIPClaim Normal AssociatedEip',
        ]),
      )
    })
    const described = await stage.kubectl('describe', 'eipc', 'early')
    const { addressId } = await addressOf('early')
    expect(described).toContain(`Bound EIP ${addressId}`)
  })

  it('makes a Pod wait for a slot on its node, says so, and binds it when one is freed', async () => {
    const there = { nodeSelector: { 'kubernetes.io/hostname': firstNode }, withoutResource: true }
    const names = ['slot-a', 'slot-b', 'slot-c']
    await stage.kubectl('delete', 'pod', '--wait=false', 'plain')
    await stage.eventually(async () => expect(await stage.eipClaim('plain')).toBeNull())
    await stage.kubectl.apply(...names.map((name) => podManifest(name, there)))

    const phases = async () => {
      const claims = await stage.eipClaims()
      return names.map((name) => claims.find((claim) => claim.metadata.name === name)?.status?.phase)
    }
    await stage.eventually(async () => {
      expect((await phases()).sort()).toEqual(['Allocated', 'Bound', 'Bound'])
    })
    const found = await phases()
    const waiting = names[found.indexOf('Allocated')]!
    await stage.eventually(async () => {
      expect(await stage.condition(waiting, 'Ready')).toMatchObject({
        status: 'False',
        reason: 'NodeQuotaExhausted',
        message: expect.stringContaining(`Node ${firstNode} has no free EIP slot`),
      })
      expect(await stage.kubeEvents(waiting)).toContain('Pod Warning NodeQuotaExhausted')
    })

    await stage.kubectl('delete', 'pod', '--wait=false', names[found.indexOf('Bound')]!)
    await stage.eventually(async () => expect((await stage.eipClaim(waiting))?.status?.phase).toBe('Bound'))
    const others = names.filter((_, index) => index !== found.indexOf('Bound'))
    await stage.kubectl('delete', 'pod', '--wait=false', ...others)
  })

  it('refuses a request that it does not understand, in one sentence', async () => {
    await stage.kubectl.apply(podManifest('odd', { attributes: { Bandwidth: 'much' } }))
    await stage.eventually(async () => {
      const { status, message } = await stage.condition('odd', 'Accepted')
      expect(status).toBe('False')
      expect(message).toContain('Bandwidth')
      expect(await stage.kubeEvents('odd')).toContain('Pod Warning InvalidEipRequest')
    })
    await remove('odd')
  })

  describe('the log', () => {
    it('holds every step: who, what, when seen, when recorded, why, and in which story', async () => {
      await remove('early')
      const log = await stage.logged('default/early')
      expect(log.map(({ type, actor }) => `${actor} ${type}`)).toEqual(
        expect.arrayContaining([
          'watcher PodObserved',
          'projector AllocationDecided',
          'worker AllocationCompleted',
          'projector BindingDecided',
          'worker AddressBound',
          'watcher PodEnded',
          'projector UnbindingDecided',
          'worker AddressUnbound',
          'projector ReleaseDecided',
          'worker AddressReleased',
        ]),
      )
      const positions = new Set((await stage.logged()).map(({ position }) => position))
      for (const event of log) {
        expect(Date.parse(event.occurredAt)).toBeLessThanOrEqual(Date.parse(event.recordedAt) + 1_000)
        expect(event.correlationId).not.toBe('')
        if (event.causationPosition !== null) {
          expect(event.causationPosition).toBeLessThan(event.position)
          expect(positions).toContain(event.causationPosition)
        }
        if (event.actor !== 'watcher') expect(event.causationPosition).not.toBeNull()
      }
      expect([...positions]).toEqual([...positions].map((_, index) => index + 1))
    })

    it('is read by eipctl: events, history of a claim and of an EIP, and who held an address when', async () => {
      const bound = (await stage.logged('default/early')).find(({ type }) => type === 'AddressBound')!
      const { addressId, publicIp, podUid } = bound.data as Record<string, string>

      expect((await stage.eipctl('events', '--claim', 'default/early')).stdout).toContain('AddressBound')
      for (const name of ['default/early', addressId!, publicIp!]) {
        const { stdout, exitCode } = await stage.eipctl('history', name)
        expect(exitCode).toBe(0)
        expect(stdout).toContain('AddressReleased')
        expect(stdout).toContain(podUid)
      }
      const who = async (at: string) => {
        const { stdout } = await stage.eipctl('who', publicIp!, '--at', at, '-o', 'json')
        return (JSON.parse(stdout) as Holding[]).map((holding) => holding.podUid)
      }
      expect(await who(bound.occurredAt)).toEqual([podUid])
      const before = new Date(Date.parse(bound.occurredAt) - 1).toISOString()
      expect(await who(before)).toEqual([])
    })

    it('is answered from by the API too', async () => {
      const ask = async (path: string) => (await fetch(`${stage.apiUrl}${path}`)).json()
      expect(await ask('/api/claims/default/early')).toMatchObject({
        claim: { key: 'default/early', phase: 'Released' },
      })
      const { head, events } = (await ask('/api/events?limit=5')) as { head: number; events: object[] }
      expect(head).toBeGreaterThan(5)
      expect(events).toHaveLength(5)
    })

    it('gives the same read models when it is folded again', async () => {
      // Pods of other tests may be on their way out.
      await stage.eventually(async () => {
        const { stdout, exitCode } = await stage.eipctl('replay')
        expect({ stdout, exitCode }).toEqual({ stdout: expect.stringContaining('identical'), exitCode: 0 })
      })
    })
  })

  it('leaves nothing behind', async () => {
    await stage.eventually(async () => {
      expect(await stage.eipClaims()).toEqual([])
      expect(stage.cloud.region.addresses()).toEqual([])
    })
  })
})

/** What stands in a line of a table. */
function columns(line: string): string[] {
  return line.trim().split(/\s+/)
}
