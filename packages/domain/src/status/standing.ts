import type { AddressStanding } from '../events/cloud-events.ts'
import { cloudCodes } from './reasons/codes.ts'

/** What is wrong with an EIP that stands like this, and what to do, as the end of a sentence; `null` for nothing. */
export function standingSentence(standing: AddressStanding): string | null {
  switch (standing) {
    case 'Good':
      return null
    case 'Blocked':
      return ending(cloudCodes['InvalidAddressId.Blocked'])
    case 'InArrears':
      return ending(cloudCodes['OperationDenied.AddressInArrears'])
  }
}

function ending({ why, todo }: { why: string; todo: string }): string {
  return `${why}; ${todo}`
}
