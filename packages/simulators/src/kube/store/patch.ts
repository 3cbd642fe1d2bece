import type { WriteOptions } from './operations.ts'

/** A patch, and how it is written. */
export type Patch = ApplyPatch | ChangePatch

export interface ChangePatch extends WriteOptions {
  type: 'json' | 'merge' | 'strategic'
  body: unknown
  /** `status`, or one of the type's parts. */
  subresource?: string
}

/** Server-side apply: `body` is the whole of what `fieldManager` has to say. */
export interface ApplyPatch extends WriteOptions {
  type: 'apply'
  body: unknown
  /** Take fields over from other managers, instead of a 409. */
  force?: boolean
  subresource?: string
}
