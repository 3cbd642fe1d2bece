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
}

/** The preset policy that allows them all, and the role that TKE's own ipamd has it in. */
export const presetPolicy = 'QcloudAccessForIPAMDRoleInQcloudAllocateEIP'
