import type { KubeObject, Resource } from '@pod-eip/kube'
import type { Cause } from './api-error.ts'
import type { Schema } from './schema/schema.ts'

/** What names a resource: enough to find its type. */
export type ResourceRef = Pick<Resource, 'group' | 'version' | 'plural'>

/**
 * One kind of object that the API server serves, described by data: the store treats them all alike and
 * asks their type where they differ.
 */
export interface ResourceType extends Resource {
  singular: string
  shortNames: string[]
  categories: string[]
  /** Whether a CustomResourceDefinition brought it. */
  custom: boolean
  /** Kind of its list, such as PodList. */
  listKind: string
  /** Its OpenAPI schema: fields, types, defaults, and how lists merge. */
  schema: Schema
  /** Whether `/status` is a subresource, and so status and the rest are written apart. */
  status: boolean
  /** Subresources besides `status` that write a part of the object, by name. */
  parts?: Record<string, WrittenPart>
  /** Where `/scale` finds its numbers; absent when there is no such subresource. */
  scale?: ScalePaths
  /** Whether `metadata.generation` counts the changes of what is neither metadata nor status. */
  generation: boolean
  /** What `kubectl get` prints after the name. */
  columns: Column[]
  rules: ResourceRules
  /** When it shows the objects of another resource in a shape of its own. */
  view?: ResourceView
}

/** Both shapes have the same metadata. */
export interface ResourceView {
  of: ResourceRef
  stored(object: KubeObject): KubeObject
  shown(object: KubeObject): KubeObject
  /** What a field that objects are selected by is called where they are stored. */
  storedField(path: string): string
}

/** A part of an object that is written through a subresource of its own, and that way only. */
export interface WrittenPart {
  path: string[]
  validateUpdate(object: KubeObject, before: KubeObject): Cause[]
}

/** Paths of field names. */
export interface ScalePaths {
  specReplicas: string[]
  statusReplicas: string[]
  /** A label selector, as an object or as text. */
  selector?: string[]
}

export interface Column {
  name: string
  type: 'string' | 'integer' | 'number' | 'boolean' | 'date'
  description: string
  /** 0 is always shown, 1 only with `-o wide`. */
  priority: number
  /** The cell; null is shown as `<none>`. */
  value(object: KubeObject, now: number): string | number | boolean | null
}

/** Where resources differ in more than their fields. All pure; `draft` may be changed in place. */
export interface ResourceRules {
  /** What the server fills in at creation, before validation. */
  prepareCreate?(draft: KubeObject): void
  /** Values that the server gives to absent fields, at every write. */
  setDefaults?(draft: KubeObject): void
  validate?(object: KubeObject): Cause[]
  /**
   * Why it is forbidden to create it as the cluster is; undefined when it is not. `has` tells whether there is an
   * object of this name in its namespace.
   */
  refuseCreate?(draft: KubeObject, has: (resource: ResourceRef, name: string) => boolean): string | undefined
  /** Why nobody may delete it; undefined when they may. */
  refuseDelete?(name: string): string | undefined
  /** For what is new. */
  validateCreate?(object: KubeObject): Cause[]
  /** For changes of what is not status. */
  validateUpdate?(object: KubeObject, before: KubeObject): Cause[]
  /** Whether a name is well formed; DNS subdomain when absent. */
  nameIs?: 'subdomain' | 'label' | 'path segment'
  /** Whether status survives a create, as for Nodes. */
  keepsStatusOnCreate?: boolean
  /** Whether labels and annotations can be written with `/status`, as for Pods and Nodes. */
  statusWritesMetadata?: boolean
  /** Seconds between a delete and the removal; 0 removes at once. Absent: always at once. */
  gracePeriod?(object: KubeObject, asked: number | undefined): number
  /** Who must agree before it goes, from the request on. */
  finalizersOnDelete?: string[]
  /** Fields that a field selector can use besides metadata.name and metadata.namespace. */
  selectableFields?: string[]
}
