import type { Action } from './actions.ts'
import type { ObjectMeta, Pod, PodSpec, PodTemplate } from './objects.ts'
import { controllerRefTo } from './pod-state.ts'
import { pods } from './resources.ts'

/** A workload that makes Pods from a template. */
export interface PodMaker {
  apiVersion?: string
  kind?: string
  metadata: ObjectMeta
  spec: { template: PodTemplate }
}

/**
 * Makes a Pod from the workload's template, and tells it.
 * @param spec what is special about this one
 */
export function createPod(
  maker: PodMaker,
  { kind, apiVersion }: { kind: string; apiVersion: string },
  name: string,
  spec: Partial<PodSpec> = {},
): Action[] {
  const { template } = maker.spec
  const { labels, annotations, finalizers } = template.metadata ?? {}
  const pod: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      generateName: `${maker.metadata.name}-`,
      namespace: maker.metadata.namespace ?? 'default',
      ...(labels && { labels }),
      ...(annotations && { annotations }),
      ...(finalizers && { finalizers }),
      ownerReferences: [controllerRefTo(maker, kind, apiVersion)],
    },
    spec: { ...template.spec, ...spec },
  }
  return [
    { do: 'create', resource: pods, object: pod },
    {
      do: 'event',
      about: maker,
      type: 'Normal',
      reason: 'SuccessfulCreate',
      message: `Created pod: ${name}`,
      source: `${kind.toLowerCase()}-controller`,
    },
  ]
}
