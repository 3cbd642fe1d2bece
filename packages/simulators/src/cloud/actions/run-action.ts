import { parseRequest } from '../requests/parse-request.ts'
import type { Action } from '../requests/schemas.ts'
import { allocateAddresses } from './allocate-addresses.ts'
import { associateAddress } from './associate-address.ts'
import type { Answer, Call } from './call.ts'
import { describeAddressQuota } from './describe-address-quota.ts'
import { describeAddresses } from './describe-addresses.ts'
import { describeNetworkInterfaces } from './describe-network-interfaces.ts'
import { describeRouteTables } from './describe-route-tables.ts'
import { describeTaskResult } from './describe-task-result.ts'
import { disassociateAddress } from './disassociate-address.ts'
import { modifyAddressAttribute, modifyAddressesBandwidth } from './modify-addresses.ts'
import { releaseAddresses } from './release-addresses.ts'

/** Validates the request and carries it out. */
export function runAction(action: Action, call: Call, body: unknown): Answer {
  switch (action) {
    case 'AllocateAddresses':
      return allocateAddresses(call, parseRequest(action, body))
    case 'AssociateAddress':
      return associateAddress(call, parseRequest(action, body))
    case 'DisassociateAddress':
      return disassociateAddress(call, parseRequest(action, body))
    case 'ReleaseAddresses':
      return releaseAddresses(call, parseRequest(action, body))
    case 'ModifyAddressesBandwidth':
      return modifyAddressesBandwidth(call, parseRequest(action, body))
    case 'ModifyAddressAttribute':
      return modifyAddressAttribute(call, parseRequest(action, body))
    case 'DescribeAddresses':
      return describeAddresses(call, parseRequest(action, body))
    case 'DescribeTaskResult':
      return describeTaskResult(call, parseRequest(action, body))
    case 'DescribeAddressQuota':
      parseRequest(action, body)
      return describeAddressQuota(call)
    case 'DescribeNetworkInterfaces':
      return describeNetworkInterfaces(call, parseRequest(action, body))
    case 'DescribeRouteTables':
      return describeRouteTables(call, parseRequest(action, body))
  }
}
