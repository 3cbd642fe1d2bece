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
    /** EIPs with this cluster's tag that no claim has and that are not touched; the worker's log names them. */
    leftAlone: number
  }
}

/** The stream of those events. */
export const surveyStream = 'cluster/survey'
