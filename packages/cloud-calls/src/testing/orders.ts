import { defaultAttributes, type EventData, newEvent } from '@pod-eip/domain'

const about = { claim: 'default/web-0', generation: 1 }

/** The decision to allocate an EIP for `default/web-0`. */
export function allocation(facts: Partial<EventData['AllocationDecided']> = {}) {
  const own = { intentId: 'i-1', allocationId: 'a-1', podUid: 'uid-1', attributes: defaultAttributes }
  return newEvent('AllocationDecided', { ...about, ...own, ...facts })
}

/** The decision to look EIPs of the user's up for `default/web-0`. */
export function lookingUp(addressIds: string[], facts: Partial<EventData['LookupDecided']> = {}) {
  const own = { intentId: 'l-1', podUid: 'uid-1', awaited: addressIds, patient: true }
  return newEvent('LookupDecided', { ...about, ...own, addressIds, ...facts })
}

/** The decision to bind an EIP to 10.0.0.1 on CVM ins-1. */
export function binding(
  eip: { addressId: string; publicIp: string },
  facts: Partial<EventData['BindingDecided']> = {},
) {
  const pod = {
    source: 'auto' as const,
    podUid: 'uid-1',
    node: 'n1',
    instanceId: 'ins-1',
    privateIp: '10.0.0.1',
  }
  return newEvent('BindingDecided', { ...about, intentId: 'b-1', ...eip, ...pod, ...facts })
}

/** The decision to unbind an EIP from 10.0.0.1 on eni-1. */
export function unbinding(
  eip: { addressId: string; publicIp: string },
  boundAt: string,
  facts: Partial<EventData['UnbindingDecided']> = {},
) {
  return newEvent('UnbindingDecided', {
    ...about,
    intentId: 'u-1',
    bindingId: 'b-1',
    ...eip,
    source: 'auto',
    podUid: 'uid-1',
    node: 'n1',
    privateIp: '10.0.0.1',
    networkInterfaceId: 'eni-1',
    boundAt,
    cause: 'PodEnded',
    ...facts,
  })
}

/** The decision to release an EIP that was last bound to 10.0.0.1. */
export function releasing(
  eip: { addressId: string; publicIp: string },
  facts: Partial<EventData['ReleaseDecided']> = {},
) {
  const own = {
    intentId: 'r-1',
    allocationId: 'a-1',
    lastPrivateIp: '10.0.0.1',
    lastNetworkInterfaceId: '',
    cause: 'PodEnded',
  } as const
  return newEvent('ReleaseDecided', { ...about, ...own, ...eip, ...facts })
}
