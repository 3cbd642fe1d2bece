import { describe, expect, it } from 'vitest'
import { CloudError } from '../cloud-error.ts'
import { translateSdkError } from './translate-sdk-error.ts'

/** As the SDK throws it: a plain Error with fields. */
const sdkError = (message: string, fields: Record<string, unknown> = {}) =>
  Object.assign(new Error(message), { requestId: '', traceId: 't', ...fields })

describe('translating what the SDK throws', () => {
  it('keeps what a read answer tells', () => {
    const told = new CloudError('retry-soon', 'RequestLimitExceeded', 'Slow down.', 'r-1')
    expect(translateSdkError('ReleaseAddresses', told)).toBe(told)
  })

  it.each([
    ['a reset', sdkError('request to http://x/ failed, reason: read ECONNRESET')],
    ['a hang-up', sdkError('request to http://x/ failed, reason: socket hang up')],
    ['a timeout', sdkError('network timeout at: http://x/')],
    ['what cannot be unpacked', Object.assign(new Error('incorrect header check'), { code: 'Z_DATA_ERROR' })],
    ['nothing', undefined],
  ])('does not know what became of a call that ended with %s', (_, thrown) => {
    expect(translateSdkError('AssociateAddress', thrown)).toMatchObject({
      class: 'no-answer',
      code: 'NoAnswer',
    })
  })

  it.each([
    'request to http://x/ failed, reason: connect ECONNREFUSED 127.0.0.1:1',
    'request to http://x/ failed, reason: connect EHOSTUNREACH 10.0.0.1:80',
    'request to http://x/ failed, reason: getaddrinfo ENOTFOUND x',
    'request to http://x/ failed, reason: getaddrinfo EAI_AGAIN x',
  ])('knows that nothing was sent: %s', (message) => {
    expect(translateSdkError('AssociateAddress', sdkError(message))).toMatchObject({
      class: 'retry-soon',
      code: 'NotSent',
    })
  })
})
