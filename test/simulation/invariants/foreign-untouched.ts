import type { Invariant } from './invariant.ts'

/** An EIP that is neither listed nor tagged as ours is not touched. */
export const foreignUntouched: Invariant = {
  name: "I4 the user's is the user's",
  atRest({ ledger, stage, say }) {
    const foreign = ledger.filter((e) => e.addressId === stage.foreignEip).map((e) => e.event)
    if (foreign.join() !== 'allocated,created') {
      say('I4', `an EIP of somebody else was touched: ${foreign.join()}`)
    }
  },
}
