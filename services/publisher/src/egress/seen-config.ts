import type { KubeObject } from '@pod-eip/kube'
import { longestManager } from '../disputes/other-writer.ts'
import type { Seen } from '../object-cache.ts'
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
export interface SeenConfig extends Seen {
  /** The configuration; absent when the ConfigMap has no such key. */
  text: string | undefined
  /** What says which entries are ours. */
  annotation: string | undefined
  /** Who wrote the configuration last, as field managers name themselves; empty when that is not known. */
  writer: string
}

/** @throws KubeError */
export function seeConfig(object: KubeObject, place: ConfigPlace, annotation: string): SeenConfig {
  return readObject('ConfigMap', object, (config) => keep(config, place, annotation))
}

function keep(object: KubeObject, place: ConfigPlace, annotation: string): SeenConfig {
  const { uid = '', resourceVersion = '', annotations } = object.metadata
  return {
    ...{ key: placeName(place), uid, resourceVersion },
    text: textOr(object.data?.[place.key], undefined),
    annotation: textOr(annotations?.[annotation], undefined),
    writer: writerOf(object, place.key),
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
  return textOr(writers.at(-1)?.manager, '').slice(0, longestManager)
}

/** The ConfigMap by its namespace and name, as people write it. */
export function placeName({ namespace, name }: ConfigPlace): string {
  return `${namespace}/${name}`
}
