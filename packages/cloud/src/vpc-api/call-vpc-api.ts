/** The actions of the VPC API that the port needs. */
export type CloudAction =
  | 'AllocateAddresses'
  | 'AssociateAddress'
  | 'DisassociateAddress'
  | 'ReleaseAddresses'
  | 'DescribeAddresses'
  | 'DescribeTaskResult'
  | 'DescribeAddressQuota'
  | 'DescribeNetworkInterfaces'
  | 'DescribeRouteTables'

/**
 * Makes one call of the VPC API: request fields as documented in, the content of `Response` out,
 * not yet validated. Idempotent exactly as the action is.
 *
 * @throws CloudError for every failure, error answers included.
 */
export type CallVpcApi = (
  action: CloudAction,
  request: Record<string, unknown>,
  signal?: AbortSignal,
) => Promise<unknown>
