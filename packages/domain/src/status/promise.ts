import type { AutoTerms, ClaimTerms, ListedTerms } from '../annotations/claim-terms.ts'
import { entriesOf } from '../listing/seek.ts'

/** What is promised, as the end of a sentence. */
export function promiseOf(terms: ClaimTerms): string {
  switch (terms.source) {
    case 'auto':
      return created(terms)
    case 'listed':
      return `${fromList(terms)}, which ${terms.static ? 'is kept for the name of the Pod' : 'is given back when the Pod ends'} and never released`
  }
}

function created(terms: AutoTerms): string {
  const { internetMaxBandwidthOut, internetServiceProvider } = terms.attributes
  const eip = `an EIP of ${internetMaxBandwidthOut} Mbit/s from ${internetServiceProvider}`
  return terms.static ? `${eip} that outlives the Pod` : `${eip} that is released when the Pod ends`
}

/** A list can be long: of one from which any will do, only the count is told. */
function fromList(terms: ListedTerms): string {
  const { ids, number } = terms
  const [first] = entriesOf(terms)
  if (number === null)
    return ids.length === 1 ? `your EIP ${first}` : `any free one of your ${ids.length} EIPs`
  return first === undefined ? `entry ${number + 1} of a list of ${ids.length}` : `your EIP ${first}`
}
