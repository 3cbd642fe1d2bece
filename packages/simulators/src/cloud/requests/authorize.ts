import { ApiError } from './api-error.ts'
import type { Action } from './schemas.ts'

/** Who asks for what: a key of an account, in a region. */
export interface Question {
  account: string
  region: string
  action: Action
  /** What the account's policy and the key's own do not allow; with or without the CAM prefix. */
  denied: readonly string[]
}

/** What the actions are about that are not about EIPs. */
const resourcesOfVpc: Partial<Record<Action, string>> = {
  DescribeNetworkInterfaces: 'eni/*',
  DescribeRouteTables: 'rtb/*',
}

/** The name of an action in CAM: those on EIPs belong to CVM, whatever API they are called by. */
export function camAction(action: Action): string {
  return `${Object.hasOwn(resourcesOfVpc, action) ? 'vpc' : 'cvm'}:${action}`
}

/** Refuses what CAM does not allow, before anything else about the request is looked at. @throws ApiError */
export function authorize({ account, region, action, denied }: Question): void {
  const name = camAction(action)
  const [service] = name.split(':')
  if (!denied.some((entry) => [action, name, `${service}:*`, '*'].includes(entry))) return
  const resource = resourcesOfVpc[action] ?? 'eip/*'
  throw new ApiError(
    'UnauthorizedOperation',
    `you are not authorized to perform operation (${name})\nresource (qcs::${service}:${region}:uin/${account}:${resource}) has no permission`,
  )
}
