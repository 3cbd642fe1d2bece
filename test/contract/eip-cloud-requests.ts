import type { AllocateRequest, CloudError, CloudErrorClass } from '@pod-eip/cloud'
import { expect } from 'vitest'

/** The call fails with this class and this code. */
export async function fails(
  errorClass: CloudErrorClass,
  code: string,
  call: () => Promise<unknown>,
): Promise<void> {
  const error = await call().then(
    () => expect.unreachable(`expected ${code}`),
    (reason: unknown) => reason,
  )
  const { class: actual, code: actualCode } = error as CloudError
  expect({ class: actual, code: actualCode }).toEqual({ class: errorClass, code })
}

/** A request for one address, with what matters to the test. */
export function request(overrides: Partial<AllocateRequest>): AllocateRequest {
  return {
    clientToken: 'token',
    addressCount: 1,
    internetServiceProvider: 'BGP',
    internetChargeType: 'TRAFFIC_POSTPAID_BY_HOUR',
    internetMaxBandwidthOut: 100,
    tags: [{ key: 'pod-eip/allocation', value: 'a-1' }],
    ...overrides,
  }
}
