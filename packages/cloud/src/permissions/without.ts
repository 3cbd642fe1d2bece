import type { CloudAction } from '../vpc-api/call-vpc-api.ts'

/** What a missing permission means. */
export interface Loss {
  /** `needed`: claims come to a stop without it. `useful`: they go on. */
  weight: 'needed' | 'useful'
  /** What does not work without it, the end of a sentence. */
  fails: string
}

/** What does not work where the identity may not do something. */
export const withoutAction: Record<CloudAction, Loss> = {
  AllocateAddresses: {
    weight: 'needed',
    fails: 'no EIP is created, and Pods with eip-attributes wait; EIPs of eip-id-list still work',
  },
  AssociateAddress: { weight: 'needed', fails: 'no EIP is bound to any Pod' },
  DisassociateAddress: {
    weight: 'needed',
    fails: 'EIPs stay where they are when their Pods end, and none is kept for the next Pod or given back',
  },
  ReleaseAddresses: { weight: 'needed', fails: 'no EIP is released, and each goes on costing money' },
  DescribeAddresses: {
    weight: 'needed',
    fails: 'what a call came to is not seen, and neither bindings nor releases are completed',
  },
  DescribeNetworkInterfaces: {
    weight: 'needed',
    fails: 'the network interface of a Pod is not found, and no EIP is bound',
  },
  DescribeTaskResult: {
    weight: 'needed',
    fails: 'an EIP that is bound again to an address that it had before is not known to be bound',
  },
  DescribeAddressQuota: {
    weight: 'useful',
    fails: 'eipctl doctor cannot tell how much of the quotas is used; everything else works',
  },
  DescribeRouteTables: {
    weight: 'useful',
    fails: 'nobody is told where a NAT gateway takes what Pods with an EIP send; everything else works',
  },
}
