import { presentable, presentableId } from '@pod-eip/runtime'

/**
 * What an error of the cloud asks of its caller.
 *
 * - `retry-soon`: the call was not carried out, or never left us; the same call, with the same token,
 *   may work in a moment (throttled, busy, not reachable).
 * - `no-answer`: the answer never came or could not be read; the call may have worked.
 * - `describe-again`: the state is not what the caller believed; look, then decide.
 * - `gone`: the address does not exist; success for a release or an unbind.
 * - `back-off`: a quota, arrears or a block; waits for somebody, shown to the user.
 * - `terminal`: will not work until the input or the permission changes.
 */
export type CloudErrorClass = 'retry-soon' | 'no-answer' | 'describe-again' | 'gone' | 'back-off' | 'terminal'

/**
 * An error answer of the cloud, or the lack of one. Carries no secrets: code, message and RequestId only, each fit to
 * be shown.
 */
export class CloudError extends Error {
  override readonly name = 'CloudError'
  readonly class: CloudErrorClass
  /**
   * The documented code, such as `RequestLimitExceeded`; else one of ours: `NoAnswer` (none came, or
   * none that can be read), `NotSent` (the call never left), `NoCredential`, `PagesShifted`.
   */
  readonly code: string
  /** The cloud's RequestId, or '' when it did not give one. */
  readonly requestId: string

  constructor(errorClass: CloudErrorClass, code: string, message: string, requestId = '') {
    super(presentable(message))
    this.class = errorClass
    this.code = code
    this.requestId = presentableId(requestId)
  }
}

/** The call was made, but what became of it is not known. */
export function noAnswer(action: string, why: string): CloudError {
  return new CloudError('no-answer', 'NoAnswer', `${action}: no usable answer from the cloud: ${why}`)
}

/** The call was never made. */
export function notSent(action: string, why: string): CloudError {
  return new CloudError('retry-soon', 'NotSent', `${action}: the call was not sent: ${why}`)
}
