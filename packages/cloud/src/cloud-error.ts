/**
 * What an error of the cloud asks of its caller.
 *
 * - `retry-soon`: nothing was changed; the same call may work in a moment (throttled, busy, 5xx).
 * - `no-answer`: the answer never came or could not be read; the call may have worked.
 * - `describe-again`: the state is not what the caller believed; look, then decide.
 * - `gone`: the address does not exist; success for a release or an unbind.
 * - `back-off`: a quota, arrears or a block; waits for somebody, shown to the user.
 * - `terminal`: will not work until the input or the permission changes.
 */
export type CloudErrorClass = 'retry-soon' | 'no-answer' | 'describe-again' | 'gone' | 'back-off' | 'terminal'

/** An error answer of the cloud, or the lack of one. Carries no secrets: code, message and RequestId only. */
export class CloudError extends Error {
  override readonly name = 'CloudError'
  readonly class: CloudErrorClass
  /** The documented code, such as `RequestLimitExceeded`; `NoAnswer` when none came. */
  readonly code: string
  /** The cloud's RequestId, or '' when it did not give one. */
  readonly requestId: string

  constructor(errorClass: CloudErrorClass, code: string, message: string, requestId = '') {
    super(message)
    this.class = errorClass
    this.code = code
    this.requestId = requestId
  }
}
