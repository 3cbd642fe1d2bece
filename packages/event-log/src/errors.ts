/** A stream is not at the version that the caller expected; nothing was appended. Read it again and decide anew. */
export class StreamMovedError extends Error {
  override readonly name = 'StreamMovedError'
  readonly stream: string
  readonly expectedVersion: number
  readonly actualVersion: number

  constructor(stream: string, expectedVersion: number, actualVersion: number) {
    super(`stream ${stream} is at version ${actualVersion}, not at ${expectedVersion}: read it again`)
    this.stream = stream
    this.expectedVersion = expectedVersion
    this.actualVersion = actualVersion
  }
}

/** The event cannot be recorded as it is; nothing was appended, and trying again will not help. */
export class InvalidEventError extends Error {
  override readonly name = 'InvalidEventError'
}

/** The log does not continue where it must: rows are missing or it was restored from an older copy. */
export class LogGapError extends Error {
  override readonly name = 'LogGapError'
}
