import { ApiError } from '../store/api-error.ts'
import type { KubeStore } from '../store/kube-store.ts'
import type { FaultSwitch } from './faults.ts'

/** What the resource routes work on. */
export interface ApiContext {
  store: KubeStore
  faults: FaultSwitch
  /** Watches that can be ended from outside. */
  watches: Set<{ end(): void }>
}

export const noSuchResource = () =>
  new ApiError(404, 'NotFound', 'the server could not find the requested resource')

export const notAllowed = () =>
  new ApiError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource')
