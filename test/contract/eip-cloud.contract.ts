import type { CloudAction, EipCloud } from '@pod-eip/cloud'
import type { CloudSimulator, RegionControl } from '@pod-eip/simulators/cloud'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { eipCloudFailures } from './eip-cloud-failures.contract.ts'
import { fails, request } from './eip-cloud-requests.ts'
import { eipCloudRoutes } from './eip-cloud-routes.contract.ts'

/** One cloud with nothing in it, and the simulator behind it. */
export interface EipCloudUnderTest {
  cloud: EipCloud
  simulator: CloudSimulator
  close(): Promise<void>
}

/** What every adapter of the {@link EipCloud} port has to do. */
export function eipCloudContract(name: string, open: () => Promise<EipCloudUnderTest>): void {
  describe(name, () => {
    let cloud: EipCloud
    let simulator: CloudSimulator
    let region: RegionControl
    let close: () => Promise<void>

    beforeEach(async () => {
      const opened = await open()
      ;({ cloud, simulator, close } = opened)
      region = simulator.region()
      region.upsertInstance({ instanceId: 'ins-1', cpu: 8, hasPublicIp: true })
      region.upsertNetworkInterface({
        networkInterfaceId: 'eni-1',
        vpcId: 'vpc-1',
        instanceId: 'ins-1',
        privateIps: ['10.0.0.1', '10.0.0.2', '10.0.0.12', '10.0.0.13'],
      })
    })
    afterEach(() => close())

    const statusOf = async (addressId: string) =>
      (await cloud.describeAddresses({ addressIds: [addressId] }))[0]?.status

    const becomes = (addressId: string, status: string | undefined) =>
      vi.waitFor(async () => expect(await statusOf(addressId)).toBe(status), { timeout: 10_000 })

    const allocateOne = async (token: string) => {
      const { addressIds } = await cloud.allocateAddresses(request({ clientToken: token }))
      await becomes(addressIds[0]!, 'UNBIND')
      return addressIds[0]!
    }

    const bindTo = async (addressId: string, privateIpAddress: string) => {
      await cloud.associateAddress({ addressId, networkInterfaceId: 'eni-1', privateIpAddress })
      await becomes(addressId, 'BIND_ENI')
    }

    describe('allocating', () => {
      it('brings as many addresses as asked for, as they were asked for', async () => {
        const answer = await cloud.allocateAddresses(
          request({ addressCount: 2, internetMaxBandwidthOut: 42, addressName: 'pod-eip_1' }),
        )
        expect(answer.addressIds).toHaveLength(2)
        expect(answer.requestId).not.toBe('')
        expect(answer.taskId).toEqual(expect.any(Number))
        for (const addressId of answer.addressIds) await becomes(addressId, 'UNBIND')
        const found = await cloud.describeAddresses({ addressIds: answer.addressIds })
        expect(found[0]).toMatchObject({
          addressIp: expect.stringMatching(/^\d+\.\d+\.\d+\.\d+$/),
          addressName: 'pod-eip_1',
          bandwidth: 42,
          internetChargeType: 'TRAFFIC_POSTPAID_BY_HOUR',
          internetServiceProvider: 'BGP',
          instanceId: null,
          networkInterfaceId: null,
          privateIpAddress: null,
          tags: [{ key: 'pod-eip/allocation', value: 'a-1' }],
        })
        expect(new Set(found.map((address) => address.addressIp)).size).toBe(2)
      })

      it('brings the same addresses for the same token', async () => {
        const first = await cloud.allocateAddresses(request({ clientToken: 'once' }))
        const second = await cloud.allocateAddresses(request({ clientToken: 'once' }))
        expect(second.addressIds).toEqual(first.addressIds)
        expect(region.addresses()).toHaveLength(1)
      })

      it('is told to back off when the quota is used up', async () => {
        simulator.configure({ quotas: { total: 1 } })
        await cloud.allocateAddresses(request({ clientToken: 'first' }))
        await fails('back-off', 'AddressQuotaLimitExceeded', () =>
          cloud.allocateAddresses(request({ clientToken: 'second' })),
        )
        const total = { quotaId: 'TOTAL_EIP_QUOTA', current: 1, limit: 1 }
        expect(await cloud.describeAddressQuota()).toContainEqual(total)
      })

      it('cannot succeed with input that the cloud does not accept', async () => {
        await fails('terminal', 'InvalidParameterValue.BandwidthOutOfRange', () =>
          cloud.allocateAddresses(request({ internetMaxBandwidthOut: 101 })),
        )
      })
    })

    describe('binding', () => {
      it('ends with the address on the private address', async () => {
        const addressId = await allocateOne('t')
        await bindTo(addressId, '10.0.0.2')
        const [address] = await cloud.describeAddresses({ networkInterfaceIds: ['eni-1'] })
        expect(address).toMatchObject({
          addressId,
          networkInterfaceId: 'eni-1',
          privateIpAddress: '10.0.0.2',
          instanceId: 'ins-1',
        })
        expect(await cloud.describeAddresses({ instanceIds: ['ins-1', 'ins-2'] })).toEqual([address])
        expect(await cloud.describeAddresses({ instanceIds: ['ins-2'] })).toEqual([])
        const [eni] = await cloud.describeNetworkInterfaces({ privateIpAddresses: ['10.0.0.2'] })
        expect(eni?.privateIpAddresses[1]).toMatchObject({
          privateIpAddress: '10.0.0.2',
          addressId,
          publicIpAddress: address?.addressIp,
        })
      })

      it('is refused for an address that is not unbound', async () => {
        const addressId = await allocateOne('t')
        await bindTo(addressId, '10.0.0.2')
        await fails('describe-again', 'UnsupportedOperation.AddressStatusNotPermit', () =>
          cloud.associateAddress({ addressId, networkInterfaceId: 'eni-1', privateIpAddress: '10.0.0.1' }),
        )
      })

      it('is refused for a private address that has an EIP', async () => {
        await bindTo(await allocateOne('a'), '10.0.0.2')
        const addressId = await allocateOne('b')
        await fails('describe-again', 'InvalidPrivateIpAddress.AlreadyBindEip', () =>
          cloud.associateAddress({ addressId, networkInterfaceId: 'eni-1', privateIpAddress: '10.0.0.2' }),
        )
      })

      it('is refused beyond what the instance may have', async () => {
        await bindTo(await allocateOne('a'), '10.0.0.1')
        await bindTo(await allocateOne('b'), '10.0.0.2')
        const addressId = await allocateOne('c')
        await fails('back-off', 'LimitExceeded.InstanceAddressQuota', () =>
          cloud.associateAddress({ addressId, networkInterfaceId: 'eni-1', privateIpAddress: '10.0.0.12' }),
        )
      })

      it('asks to look again when the network interface or its address is gone', async () => {
        const addressId = await allocateOne('t')
        await fails('describe-again', 'InvalidNetworkInterfaceId.NotFound', () =>
          cloud.associateAddress({ addressId, networkInterfaceId: 'eni-9', privateIpAddress: '10.0.0.2' }),
        )
        await fails('describe-again', 'InvalidParameterValue.PrivateIpAddressNotMatch', () =>
          cloud.associateAddress({ addressId, networkInterfaceId: 'eni-1', privateIpAddress: '10.9.9.9' }),
        )
      })

      it('is undone by the cloud when the private address goes', async () => {
        const addressId = await allocateOne('t')
        await bindTo(addressId, '10.0.0.2')
        region.removePrivateIp('eni-1', '10.0.0.2')
        await becomes(addressId, 'UNBIND')
      })
    })

    describe('unbinding and releasing', () => {
      it('frees the address, then gives it back', async () => {
        const addressId = await allocateOne('t')
        await bindTo(addressId, '10.0.0.2')
        await cloud.disassociateAddress({ addressId })
        await becomes(addressId, 'UNBIND')
        await cloud.releaseAddresses({ addressIds: [addressId] })
        await becomes(addressId, undefined)
        expect(region.ledger({ addressId }).map((entry) => entry.event)).toEqual([
          'allocated',
          'created',
          'bind-started',
          'bound',
          'unbind-started',
          'unbound',
          'release-started',
          'released',
        ])
      })

      it('is refused while the state does not allow it', async () => {
        const addressId = await allocateOne('t')
        const refusal = 'UnsupportedOperation.AddressStatusNotPermit'
        await fails('describe-again', refusal, () => cloud.disassociateAddress({ addressId }))
        await bindTo(addressId, '10.0.0.2')
        await fails('describe-again', refusal, () => cloud.releaseAddresses({ addressIds: [addressId] }))
      })

      it('is refused for a moment after an unbinding', async () => {
        simulator.configure({ durations: { settle: [60_000, 60_000] } })
        const addressId = await allocateOne('t')
        await bindTo(addressId, '10.0.0.2')
        await cloud.disassociateAddress({ addressId })
        await becomes(addressId, 'UNBIND')
        await fails('retry-soon', 'OperationDenied.MutexTaskRunning', () =>
          cloud.releaseAddresses({ addressIds: [addressId] }),
        )
      })

      it('finds an unknown address gone', async () => {
        const gone = 'InvalidAddressId.NotFound'
        await fails('gone', gone, () => cloud.releaseAddresses({ addressIds: ['eip-00000000'] }))
        await fails('gone', gone, () => cloud.disassociateAddress({ addressId: 'eip-00000000' }))
      })
    })

    describe('reading', () => {
      it('tells how a task goes, and null for one that does not exist', async () => {
        const { taskId } = await cloud.allocateAddresses(request({}))
        await vi.waitFor(async () => expect(await cloud.describeTaskResult(taskId!)).toBe('SUCCESS'))
        expect(await cloud.describeTaskResult(987_654)).toBeNull()
      })

      it('tells of a task that failed', async () => {
        const addressId = await allocateOne('t')
        simulator.faults.add({ kind: 'failing-task', action: 'AssociateAddress' })
        const { taskId } = await cloud.associateAddress({
          addressId,
          networkInterfaceId: 'eni-1',
          privateIpAddress: '10.0.0.2',
        })
        await vi.waitFor(async () => expect(await cloud.describeTaskResult(taskId!)).toBe('FAILED'))
        expect(await statusOf(addressId)).toBe('UNBIND')
      })

      it('does without a task where the cloud names none', async () => {
        simulator.faults.add({ kind: 'no-task-id', action: 'AllocateAddresses' })
        expect(await cloud.allocateAddresses(request({}))).not.toHaveProperty('taskId')
      })

      it('reads all pages of a list, each admitted by itself', async () => {
        await cloud.allocateAddresses(request({ clientToken: 'a', addressCount: 100 }))
        await cloud.allocateAddresses(request({ clientToken: 'b', addressCount: 100 }))
        const admitted: CloudAction[] = []
        const admit = async (action: CloudAction) => void admitted.push(action)
        const tags = [{ key: 'pod-eip/allocation', value: 'a-1' }]
        const found = await cloud.describeAddresses({ tags }, { admit })
        expect(new Set(found.map((address) => address.addressId)).size).toBe(200)
        expect(admitted).toEqual(['DescribeAddresses', 'DescribeAddresses', 'DescribeAddresses'])
      })

      it('joins fields with AND, values with OR', async () => {
        const a = await allocateOne('a')
        const b = await allocateOne('b')
        await bindTo(a, '10.0.0.1')
        await bindTo(b, '10.0.0.2')
        const ids = async (query: Parameters<EipCloud['describeAddresses']>[0]) =>
          (await cloud.describeAddresses(query)).map((address) => address.addressId).sort()
        expect(await ids({ privateIpAddresses: ['10.0.0.1', '10.0.0.2'] })).toEqual([a, b].sort())
        expect(await ids({ privateIpAddresses: ['10.0.0.1'], addressIds: [a, b] })).toEqual([a])
        expect(await ids({ addressIds: [a], tags: [{ key: 'other', value: 'x' }] })).toEqual([])
        expect(
          await ids({
            addressIds: [a],
            tags: [
              { key: 'pod-eip/allocation', value: 'a-0' },
              { key: 'pod-eip/allocation', value: 'a-1' },
            ],
          }),
        ).toEqual([a])
      })

      it('finds nothing for no values, and refuses to list everything', async () => {
        await allocateOne('t')
        expect(await cloud.describeAddresses({ addressIds: [] })).toEqual([])
        expect(await cloud.describeAddresses({ tags: [] })).toEqual([])
        expect(await cloud.describeNetworkInterfaces({ instanceIds: [] })).toEqual([])
        await expect(cloud.describeAddresses({})).rejects.toThrow('names nothing to look for')
      })

      it('matches private addresses exactly, over several requests if need be', async () => {
        region.upsertNetworkInterface({ networkInterfaceId: 'eni-2', privateIps: ['10.0.1.2', '110.0.0.2'] })
        const ids = async (privateIpAddresses: string[]) =>
          (await cloud.describeNetworkInterfaces({ privateIpAddresses })).map((eni) => eni.networkInterfaceId)
        expect(await ids(['10.0.0.2'])).toEqual(['eni-1'])
        expect(await ids(['10.9.9.1', '10.9.9.2', '10.9.9.3', '10.9.9.4', '10.9.9.5', '10.0.1.2'])).toEqual([
          'eni-2',
        ])
        expect(
          await cloud.describeNetworkInterfaces({ vpcId: 'vpc-1', instanceIds: ['ins-1'] }),
        ).toHaveLength(1)
      })

      it('may show old state', async () => {
        simulator.configure({ staleReadMs: 60_000 })
        const { addressIds } = await cloud.allocateAddresses(request({}))
        expect(await statusOf(addressIds[0]!)).toBeUndefined()
        simulator.configure({ staleReadMs: 0 })
        await becomes(addressIds[0]!, 'UNBIND')
      })
    })

    eipCloudFailures(() => ({ cloud, simulator, region }))
    eipCloudRoutes(() => ({ cloud, simulator, region }))
  })
}
