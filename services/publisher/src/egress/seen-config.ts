import type { KubeObject } from '@pod-eip/kube'
import { longestManager } from '../disputes/other-writer.ts'
import { fieldManager } from '../field-manager.ts'
import { readObject, textOr } from '../read-object.ts'

/** Where ip-masq-agent's configuration stands. */
export interface ConfigPlace {
  namespace: string
  /** Of the ConfigMap. */
  name: string
  /** In its `data`. */
  key: string
}

/** The ConfigMap as the cluster last showed it, as far as it matters. */
export interface SeenConfig {
  uid: string
  resourceVersion: string
  /** The configuration; absent when the ConfigMap has no such key. */
  text: string | undefined
  /** What says which entries are ours. */
  annotation: string | undefined
  /** Who wrote the configuration last, as field managers name themselves; empty when that is us, or not known. */
  writer: string
}

/** @throws KubeError */
export function seeConfig(object: KubeObject, place: ConfigPlace, annotation: string): SeenConfig {
  return readObject('ConfigMap', object, (config) => keep(config, place, annotation))
}

function keep(object: KubeObject, { key }: ConfigPlace, annotation: string): SeenConfig {
  const { uid = '', resourceVersion = '', annotations } = object.metadata
  return {
    ...{ uid, resourceVersion },
    text: textOr(object.data?.[key], undefined),
    annotation: textOr(annotations?.[annotation], undefined),
    writer: writerOf(object, key),
  }
}

interface ManagedFields {
  manager?: string
  time?: string
  fieldsV1?: { 'f:data'?: Record<string, unknown> }
}

function writerOf({ metadata }: KubeObject, key: string): string {
  const writers = ((metadata.managedFields ?? []) as ManagedFields[])
    .filter(({ fieldsV1 }) => fieldsV1?.['f:data']?.[`f:${key}`] !== undefined)
    .sort((a, b) => (a.time ?? '').localeCompare(b.time ?? ''))
  const last = textOr(writers.at(-1)?.manager, '').slice(0, longestManager)
  return last === fieldManager ? '' : last
}

/** The ConfigMap by its namespace and name, as people write it. */
export function placeName({ namespace, name }: ConfigPlace): string {
  return `${namespace}/${name}`
}
