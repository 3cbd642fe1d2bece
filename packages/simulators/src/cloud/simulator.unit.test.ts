import { describe, expect, it } from 'vitest'
import { codeOf, openBound, openSimulator, start } from './open-simulator.fixture.ts'
import type { CloudState } from './state/state.ts'

describe('the state machine of the cloud', () => {
  it('walks an address through its states as time passes', () => {
    const { call, pass, region, addressId } = openBound()
    const status = () => region.addresses()[0]?.status
    expect(status()).toBe('BIND_ENI')
    call('DisassociateAddress', { AddressId: addressId })
    expect(status()).toBe('UNBINDING')
    pass(1000)
    expect(status()).toBe('UNBIND')
    expect(codeOf(call('ReleaseAddresses', { AddressIds: [addressId] }))).toBe(
      'OperationDenied.MutexTaskRunning',
    )
    pass(500)
    call('ReleaseAddresses', { AddressIds: [addressId] })
    expect(status()).toBe('OFFLINING')
    pass(1000)
    expect(status()).toBeUndefined()
    expect(region.ledger().map(({ event, at }) => [event, at - start])).toEqual([
      ['allocated', 0],
      ['created', 1000],
      ['bind-started', 1000],
      ['bound', 2000],
      ['unbind-started', 2000],
      ['unbound', 3000],
      ['release-started', 3500],
      ['released', 4500],
    ])
  })

  it('has EIPs that somebody bought at the console, with the id that was wanted', () => {
    const { call, region } = openSimulator()
    expect(region.buyAddress('eip-mine0001')).toBe('eip-mine0001')
    expect(region.buyAddress()).toMatch(/^eip-[0-9a-z]{8}$/)
    expect(() => region.buyAddress('eip-mine0001')).toThrow('There is an EIP eip-mine0001 already')
    expect(call('DescribeAddresses', { AddressIds: ['eip-mine0001'] })).toMatchObject({
      AddressSet: [{ AddressStatus: 'UNBIND', TagSet: [] }],
    })
  })

  it('finishes work as of the moment it was due, however late it is looked at', () => {
    const { call, pass, region } = openSimulator()
    call('AllocateAddresses')
    pass(3_601_000)
    expect(region.billing()).toMatchObject([{ unboundSeconds: 3600, boundSeconds: 0, ipFee: 0.2 }])
  })

  it('takes the IP fee only while an address is unbound, and remembers it after the release', () => {
    const { call, pass, region, addressId } = openBound()
    pass(10_000)
    call('DisassociateAddress', { AddressId: addressId })
    pass(1500)
    call('ReleaseAddresses', { AddressIds: [addressId] })
    pass(60_000)
    // Binding took 1 s, then it settled 0.5 s and left 1 s; bound it was 10 s and 1 s on the way off.
    expect(region.billing()).toMatchObject([
      { addressId, releasedAt: start + 14_500, unboundSeconds: 2.5, boundSeconds: 11 },
    ])
  })

  it('unbinds by itself when the network interface goes, also in the midst of a binding', () => {
    const { call, pass, region, addressId, bind } = openBound()
    region.removeNetworkInterface('eni-1')
    expect(region.addresses()[0]?.status).toBe('UNBINDING')
    pass(1500)
    region.upsertNetworkInterface({ networkInterfaceId: 'eni-1', privateIps: ['10.0.0.1'] })
    call('AssociateAddress', bind)
    region.removePrivateIp('eni-1', '10.0.0.1')
    region.assignPrivateIp('eni-1', '10.0.0.1')
    pass(1000)
    expect(region.addresses()[0]).toMatchObject({ status: 'UNBIND', binding: null })
    expect(region.ledger({ addressId }).slice(-4)).toMatchObject([
      { event: 'unbind-started', requestId: null },
      { event: 'unbound', requestId: null },
      { event: 'bind-started', requestId: expect.any(String) },
      { event: 'bind-failed' },
    ])
  })

  it('limits what an instance has by its CPUs', () => {
    const { call, pass, region } = openSimulator({ quotas: { total: 100, daily: 100 } })
    const ips = Array.from({ length: 12 }, (_, i) => `10.0.0.${i}`)
    region.upsertInstance({ instanceId: 'ins-1', cpu: 6 })
    region.upsertNetworkInterface({ networkInterfaceId: 'eni-1', instanceId: 'ins-1', privateIps: ips })
    const ids = call('AllocateAddresses', { AddressCount: 4 }).AddressSet as string[]
    pass(1000)
    const bind = (index: number) =>
      codeOf(
        call('AssociateAddress', {
          AddressId: ids[index],
          NetworkInterfaceId: 'eni-1',
          PrivateIpAddress: ips[index],
        }),
      )
    expect([bind(0), bind(1), bind(2), bind(3)]).toEqual([
      undefined,
      undefined,
      undefined,
      'LimitExceeded.InstanceAddressQuota',
    ])
    region.upsertInstance({ instanceId: 'ins-1', cpu: 12 })
    expect(bind(3)).toBeUndefined()
  })

  it('lets others bind EIPs of theirs on an instance, within the same limit', () => {
    const { call, pass, region } = openSimulator()
    region.upsertInstance({ instanceId: 'ins-1', cpu: 6 })
    region.upsertNetworkInterface({
      ...{ networkInterfaceId: 'eni-1', instanceId: 'ins-1', primary: true },
      privateIps: ['10.0.0.4', '10.0.0.5'],
    })
    const theirs = region.bindForeignAddress('ins-1')
    region.bindForeignAddress('ins-1', 'own-address')
    expect(() => region.bindForeignAddress('ins-1', 'own-address')).toThrow('on its own address already')
    region.bindForeignAddress('ins-1')
    expect(() => region.bindForeignAddress('ins-1')).toThrow('has 3 public addresses')
    expect(() => region.bindForeignAddress('ins-9')).toThrow('There is no instance ins-9')

    const [addressId] = call('AllocateAddresses', {}).AddressSet as string[]
    pass(1000)
    const bind = { AddressId: addressId, NetworkInterfaceId: 'eni-1', PrivateIpAddress: '10.0.0.5' }
    expect(codeOf(call('AssociateAddress', bind))).toBe('LimitExceeded.InstanceAddressQuota')
    region.unbindForeignAddress(theirs)
    pass(1000)
    expect(codeOf(call('AssociateAddress', bind))).toBeUndefined()
    const onIt = { Filters: [{ Name: 'instance-id', Values: ['ins-1'] }] }
    expect(call('DescribeAddresses', onIt).TotalCount).toBe(3)
  })

  it('binds to an instance at its primary address', () => {
    const { call, pass, region } = openSimulator()
    region.upsertNetworkInterface({
      networkInterfaceId: 'eni-1',
      instanceId: 'ins-1',
      primary: true,
      privateIps: ['10.0.0.1'],
    })
    const [a, b] = call('AllocateAddresses', { AddressCount: 2 }).AddressSet as string[]
    pass(1000)
    expect(codeOf(call('AssociateAddress', { AddressId: a, InstanceId: 'ins-9' }))).toBe(
      'InvalidInstanceId.NotFound',
    )
    call('AssociateAddress', { AddressId: a, InstanceId: 'ins-1' })
    pass(1000)
    expect(region.addresses()[0]).toMatchObject({
      status: 'BIND',
      binding: { privateIpAddress: '10.0.0.1', instanceId: 'ins-1' },
    })
    expect(codeOf(call('AssociateAddress', { AddressId: b, InstanceId: 'ins-1' }))).toBe(
      'InvalidInstanceId.AlreadyBindEip',
    )
  })

  it('counts the daily quota by days of Beijing, released addresses included', () => {
    const { call, pass } = openSimulator({ quotas: { total: 20, daily: 2 } })
    const ids = call('AllocateAddresses', { AddressCount: 2 }).AddressSet
    pass(1000)
    call('ReleaseAddresses', { AddressIds: ids })
    pass(1000)
    expect(codeOf(call('AllocateAddresses'))).toBe('AddressQuotaLimitExceeded.DailyAllocate')
    // It is 20:00 in Beijing.
    pass(4 * 3_600_000 - 2000)
    expect(codeOf(call('AllocateAddresses'))).toBeUndefined()
  })

  it('forgets a ClientToken after its time', () => {
    const { call, pass } = openSimulator({ clientTokenMs: 60_000 })
    const first = call('AllocateAddresses', { ClientToken: 't' })
    pass(59_999)
    expect(call('AllocateAddresses', { ClientToken: 't' }).AddressSet).toEqual(first.AddressSet)
    pass(1)
    expect(call('AllocateAddresses', { ClientToken: 't' }).AddressSet).not.toEqual(first.AddressSet)
  })

  it('shows what was true some time ago, vanished addresses included', () => {
    const { simulator, call, pass, region, addressId } = openBound()
    call('DisassociateAddress', { AddressId: addressId })
    pass(1500)
    call('ReleaseAddresses', { AddressIds: [addressId] })
    pass(1000)
    const seen = (staleReadMs: number) => {
      simulator.configure({ staleReadMs })
      const set = call('DescribeAddresses', { AddressIds: [addressId] }).AddressSet
      return (set as { AddressStatus: string }[])[0]?.AddressStatus
    }
    expect([0, 500, 1500, 3000, 4000, 10_000].map(seen)).toEqual([
      undefined,
      'OFFLINING',
      'UNBIND',
      'BINDING',
      'CREATING',
      undefined,
    ])
    expect(region.addresses()).toEqual([])
  })

  it('refuses what is protected, blocked or in arrears', () => {
    const { call, pass, region, addressId, bind } = openBound()
    call('DisassociateAddress', { AddressId: addressId })
    pass(1500)
    region.markAddress(addressId, { deletionProtection: true, isBlocked: true })
    expect(codeOf(call('ReleaseAddresses', { AddressIds: [addressId] }))).toBe(
      'OperationDenied.AddressDeletionProtectionEnabled',
    )
    expect(codeOf(call('AssociateAddress', bind))).toBe('InvalidAddressId.Blocked')
    region.markAddress(addressId, { isBlocked: false, isArrears: true })
    expect(codeOf(call('AssociateAddress', bind))).toBe('OperationDenied.AddressInArrears')
  })

  it('releases all of the addresses or none', () => {
    const { call, region, addressId, pass } = openBound()
    const [other] = call('AllocateAddresses').AddressSet as string[]
    pass(1000)
    expect(codeOf(call('ReleaseAddresses', { AddressIds: [other, addressId] }))).toBe(
      'UnsupportedOperation.AddressStatusNotPermit',
    )
    expect(region.addresses().find((address) => address.addressId === other)?.status).toBe('UNBIND')
  })

  it('keeps regions and accounts apart', () => {
    const { simulator, call } = openSimulator()
    call('AllocateAddresses')
    expect(simulator.region({ region: 'ap-shanghai' }).addresses()).toEqual([])
    expect(() => simulator.region({ region: 'mars' })).toThrow('There is no region mars')
  })

  it('goes on from a snapshot where it was', () => {
    const before = openSimulator()
    const { AddressSet, TaskId } = before.call('AllocateAddresses', { ClientToken: 't' })
    const snapshot = JSON.parse(JSON.stringify(before.simulator.snapshot())) as CloudState
    const after = openSimulator({}, snapshot, start + 1000)
    expect(after.region.addresses()[0]?.status).toBe('UNBIND')
    expect(after.call('AllocateAddresses', { ClientToken: 't' }).AddressSet).toEqual(AddressSet)
    expect(after.call('DescribeTaskResult', { TaskId: Number(TaskId) })).toMatchObject({ Result: 'SUCCESS' })
  })

  it('tells the same story for the same seed', () => {
    const story = () => {
      const { simulator, call, pass } = openSimulator({ durations: {} })
      simulator.faults.add({ kind: 'error', code: 'InternalError', probability: 0.5 })
      for (let i = 0; i < 8; i++) {
        call('AllocateAddresses')
        pass(500)
      }
      return simulator.snapshot()
    }
    expect(story()).toEqual(story())
  })
})
