/** A step of a service is struck before it has its way, or when its answer has come and is not passed on. */
export type When = 'before' | 'after'

/** Told of each named step that passes by; false when it must go no further. */
export type Passing = (when: When, step: string) => boolean

/** Stands between one service and one of what it needs. */
export interface Wire {
  /** What the service reaches it by: the URL of what it needs, with this wire's address. */
  url: string
  /** Resets every connection; nothing that is under way on them goes further. */
  reset(): void
  close(): Promise<void>
}
