/** The command line is wrong; the message is one sentence that says how to mend it. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
