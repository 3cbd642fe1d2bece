import type { RefusedListing } from '../listing/search.ts'

/** What every outcome names: the intent that it ends, and whose it was. */
interface Outcome {
  claim: string
  generation: number
  intentId: string
}

/** What the cloud said when it refused. */
interface CloudWord {
  code: string
  message: string
  requestId: string
}

/** How cloud calls went; appended by the worker. */
export interface Outcomes {
  /** For each member of an allocation one, with its own EIP first; others came beyond what was asked for. */
  AllocationCompleted: Outcome & {
    allocationId: string
    addresses: { addressId: string; publicIp: string }[]
    requestId: string
  }
  AllocationFailed: Outcome & CloudWord
  /**
   * The cloud refused an allocation for several, and it is proved that it brought nothing: each of its `members`
   * is allocated for anew, in smaller ones.
   */
  AllocationSplit: Outcome & CloudWord & { allocationId: string; members: number }
  /** A cancelled allocation that brought nothing. */
  AllocationAbandoned: Outcome
  /** What a look-up saw: at least one EIP is free, or others are to be tried. */
  LookupCompleted: Outcome & {
    free: { addressId: string; publicIp: string }[]
    /** Bound to something that is not ours. */
    inUse: string[]
    refused: RefusedListing[]
  }
  LookupFailed: Outcome & CloudWord
  /** A cancelled look-up. */
  LookupAbandoned: Outcome
  AddressBound: Outcome & {
    addressId: string
    publicIp: string
    podUid: string
    node: string
    privateIp: string
    networkInterfaceId: string
    /** The Pod has the interface for itself: the address is its primary and only one, and it is not the CVM's own. */
    ownInterface?: true
    requestId: string
  }
  BindingFailed: Outcome & CloudWord & { addressId: string; node: string }
  /** A cancelled binding that did not happen. */
  BindingAbandoned: Outcome & { addressId: string; node: string }
  AddressUnbound: Outcome & { addressId: string; bindingId: string; node: string; requestId: string }
  AddressReleased: Outcome & { addressId: string; requestId: string }
  /**
   * The call waits for somebody: a quota, arrears, a block. Told when it is met first, and ever more rarely while
   * it lasts: not once for each try.
   */
  CloudCallDelayed: Outcome &
    CloudWord & {
      action: IntentAction
      /** When it is tried next. */
      retryAt: string
      /** It is tried at least so often after that, in ms. */
      retryEveryMs: number
      /** Tries that met this code so far. */
      tries: number
      /** When it was met first. */
      since: string
      /** Until now the claim has shown something else. */
      news: boolean
    }
}

/** Whether a listed EIP was not free any more when it was to be bound: what became of it is looked up anew. */
export function isListedNotFree(code: string): boolean {
  return code === 'ListedAddressNotFree'
}

/** The outcomes that end an intent for its claim. */
export type EndingOutcome = Exclude<keyof Outcomes, 'CloudCallDelayed'>

const endingOutcomes: Record<EndingOutcome, true> = {
  AllocationCompleted: true,
  AllocationFailed: true,
  AllocationSplit: true,
  AllocationAbandoned: true,
  LookupCompleted: true,
  LookupFailed: true,
  LookupAbandoned: true,
  AddressBound: true,
  BindingFailed: true,
  BindingAbandoned: true,
  AddressUnbound: true,
  AddressReleased: true,
}

/** Whether an event of this type ends an intent for its claim. */
export function endsIntent(type: string): type is EndingOutcome {
  return Object.hasOwn(endingOutcomes, type)
}

/** Whether the cloud says with this code that the address does not exist. */
export function isGone(code: string): boolean {
  return code === 'InvalidAddressId.NotFound' || code === 'InvalidParameterValue.AddressNotFound'
}

/** Whether the cloud says with this code that the CVM can have no more public addresses. */
export function isInstanceQuota(code: string): boolean {
  return code === 'LimitExceeded.InstanceAddressQuota'
}

export type IntentAction = 'allocate' | 'lookup' | 'associate' | 'disassociate' | 'release'
