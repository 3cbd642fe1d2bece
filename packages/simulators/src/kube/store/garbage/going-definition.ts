import type { KubeObject } from '@pod-eip/kube'
import type { Operations } from '../operations.ts'
import type { ResourceType } from '../resource-type.ts'

export const definitionsRef = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  plural: 'customresourcedefinitions',
}

/** The definition of this resource, when it is being deleted: then nothing of it can be made any more. */
export function goingDefinition({ core, registry }: Operations, type: ResourceType): KubeObject | null {
  if (!type.custom) return null
  const definition = core.find(registry.find(definitionsRef), null, `${type.plural}.${type.group}`)
  return definition?.metadata.deletionTimestamp ? definition : null
}
