import type { Invariant } from './invariant.ts'

/** An EIP that is neither listed nor tagged as ours is not touched. */
export const foreignUntouched: Invariant = {
  name: "I4 the user's is the user's",
  atRest({ ledger, stage, say }) {
    for (const { addressId, event, requestId } of ledger) {
      // What others do comes from outside the API, but for the allocation of the first.
      const ours = requestId !== null && event !== 'allocated' && event !== 'created'
      if (ours && stage.foreignEips.has(addressId)) {
        say('I4', `an EIP of somebody else was touched: ${event} ${addressId}`)
      }
    }
  },
}
