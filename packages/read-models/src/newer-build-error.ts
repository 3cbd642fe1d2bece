/**
 * The log or the read models hold what only a newer build understands: this one changes nothing and waits for it.
 * The message is one sentence for the operator.
 */
export class NewerBuildError extends Error {
  override readonly name = 'NewerBuildError'
}
