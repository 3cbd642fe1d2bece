/** A comparison of the cloud with the log that somebody asked for; those that are due by the clock are not told. */
export interface SurveyEvents {
  /** Appended by eipctl. */
  SurveyRequested: {
    survey: string
    by: string
    /** The operator has seen that EIPs are gone: however many the cloud does not show, it is believed. */
    goneConfirmed?: true
  }
  /** Appended by the worker, once what it found is in the log. */
  SurveyCompleted: {
    survey: string
    /** Claims that have an EIP. */
    claims: number
    /** EIPs that were looked at: all that carry the cluster's tag, and those of claims. */
    addresses: number
    /** Claims whose EIP is not as the log has it, each with an `AddressDrifted`. */
    drifted: number
    /** EIPs of claims that seem to be gone and are too many at once to be believed; absent when there are none. */
    unbelieved?: number
    /** EIPs of this cluster that no claim has. They go back once they have been seen so for long enough. */
    orphans: number
    /** EIPs with this cluster's tag that no claim has and that are not touched. */
    leftAlone: number
    /** Those that wait or are left alone, the first of them; absent when there are none. */
    unclaimed?: UnclaimedAddress[]
  }
}

/** An EIP with the tags of this cluster and of an allocation that no claim has. */
export interface UnclaimedAddress {
  addressId: string
  publicIp: string
  allocationId: string
  /** The claim that the allocation was decided for; empty when the log does not know the allocation. */
  claim: string
  /**
   * `Waiting`: it goes back once it has been seen so for long enough. `Bound`: left alone, for something uses it.
   * `UnknownAllocation`: left alone, for nothing shows whose it is.
   */
  state: 'Waiting' | 'Bound' | 'UnknownAllocation'
  /** Where it is bound: private address, interface, instance, as far as the cloud says; empty when it is not. */
  boundTo: string
  /** Since when it waits and until when it does at least, ISO 8601; empty unless it waits. */
  since: string
  until: string
}

/** The stream of those events. */
export const surveyStream = 'cluster/survey'
