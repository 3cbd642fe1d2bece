import type { KubeObject } from '@pod-eip/kube'
import type { Core } from './core.ts'
import type { Writer } from './ownership/managed-fields.ts'
import { apiVersionOf, type Registry } from './registry.ts'
import type { ResourceType } from './resource-type.ts'

/** What every operation works on. */
export interface Operations {
  core: Core
  registry: Registry
}

export interface WriteOptions {
  /** Who writes, as `managedFields` names it. */
  fieldManager?: string
  /** Everything but the writing. */
  dryRun?: boolean
  /** What becomes of fields that the schema does not know: dropped (the default), or refused. */
  fieldValidation?: 'Ignore' | 'Warn' | 'Strict'
  /** Told of what was done other than it was written. */
  warn?: (text: string) => void
}

/** How the server itself writes. */
export const byServer: WriteOptions = { fieldManager: 'kube-apiserver' }

/** The object as this version of its resource shows it. */
export function inVersion(type: ResourceType, object: KubeObject): KubeObject {
  const apiVersion = apiVersionOf(type)
  return object.apiVersion === apiVersion ? object : { ...object, apiVersion }
}

/** The one who writes by these options, other than by apply. */
export function updater(type: ResourceType, options: WriteOptions & { subresource?: string }): Writer {
  return {
    manager: options.fieldManager ?? 'unknown',
    operation: 'Update',
    apiVersion: apiVersionOf(type),
    ...(options.subresource ? { subresource: options.subresource } : {}),
  }
}
