import type { CloudAction } from '../vpc-api/call-vpc-api.ts'

/** What each action is called in CAM's policies: those on EIPs belong to CVM. */
export const camActions: Record<CloudAction, string> = {
  AllocateAddresses: 'cvm:AllocateAddresses',
  AssociateAddress: 'cvm:AssociateAddress',
  DisassociateAddress: 'cvm:DisassociateAddress',
  ReleaseAddresses: 'cvm:ReleaseAddresses',
  DescribeAddresses: 'cvm:DescribeAddresses',
  DescribeTaskResult: 'cvm:DescribeTaskResult',
  DescribeAddressQuota: 'cvm:DescribeAddressQuota',
  DescribeNetworkInterfaces: 'vpc:DescribeNetworkInterfaces',
  DescribeRouteTables: 'vpc:DescribeRouteTables',
}

/** The preset policy for a Pod's EIP, and the role that TKE's own ipamd has it in. */
export const presetPolicy = 'QcloudAccessForIPAMDRoleInQcloudAllocateEIP'

/** What to do where the identity may not do something; goes on after a semicolon. */
export function howToGrant(action: CloudAction): string {
  return action === 'DescribeRouteTables'
    ? `allow it in a policy of your own in CAM: ${presetPolicy} is about EIPs only`
    : `grant it the policy ${presetPolicy} in CAM`
}
