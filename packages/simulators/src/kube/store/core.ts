import type { KubeObject } from '@pod-eip/kube'
import type { Clock, Ids } from '@pod-eip/runtime'
import { createOwnerIndex, type Row } from './garbage/owner-index.ts'
import { type Change, createHistory, type History } from './history.ts'
import { copy, freeze } from './json.ts'
import type { ResourceRef, ResourceType } from './resource-type.ts'

/** Everything that is stored, as plain JSON: all that a restored store needs. */
export interface KubeSnapshot {
  revision: number
  /** By table (`plural.group`). */
  objects: Record<string, KubeObject[]>
}

/** The tables of objects under one counter of revisions. No rules: the operations bring those. */
export interface Core {
  clock: Clock
  ids: Ids
  history: History
  /** RFC 3339, whole seconds. */
  timestamp(offsetSeconds?: number): string
  revision(): number
  find(type: ResourceType, namespace: string | null | undefined, name: string): KubeObject | undefined
  /** In the order of namespace and name. */
  rows(type: ResourceRef, namespace?: string): KubeObject[]
  /** Writes it under the next revision; the object returned is frozen. */
  save(type: ResourceType, object: KubeObject): KubeObject
  /** Takes it out; returns its last state under the removal's revision. */
  remove(type: ResourceType, object: KubeObject): KubeObject
  /** The oldest change that has not been looked at for its consequences; each is handed out once. */
  takeChange(): Change | undefined
  /** The object with this uid. */
  ofUid(uid: string): Row | undefined
  /** The objects that name this uid among their owners. */
  dependentsOf(uid: string): Row[]
  snapshot(): KubeSnapshot
}

export interface CoreOptions {
  clock: Clock
  ids: Ids
  snapshot?: KubeSnapshot
  historyLimit: number
}

/** Which table an object's resource lives in, whatever the version. */
export function tableOf({ plural, group }: Pick<ResourceRef, 'plural' | 'group'>): string {
  return group === '' ? plural : `${plural}.${group}`
}

/** An object's place in its table; sorts by namespace, then name. */
export function rowKey(namespace: string | null | undefined, name: string): string {
  return namespace ? `${namespace}/${name}` : name
}

export function createCore({ clock, ids, snapshot, historyLimit }: CoreOptions): Core {
  let revision = snapshot?.revision ?? 1
  const history = createHistory(historyLimit, revision)
  const tables = new Map<string, Map<string, KubeObject>>()
  for (const [table, objects] of Object.entries(snapshot?.objects ?? {})) {
    const entries = objects.map(
      (o) => [rowKey(o.metadata.namespace, o.metadata.name), freeze(copy(o))] as const,
    )
    tables.set(table, new Map(entries))
  }
  const owners = createOwnerIndex()
  for (const [table, rows] of tables) for (const object of rows.values()) owners.add({ table, object })
  const unsettled: Change[] = []
  const record = (change: Change) => {
    if (change.before) owners.delete({ table: change.table, object: change.before })
    if (change.after) owners.add({ table: change.table, object: change.after })
    unsettled.push(change)
    history.record(change)
  }
  const table = (ref: ResourceRef) => {
    const key = tableOf(ref)
    const rows = tables.get(key) ?? new Map<string, KubeObject>()
    tables.set(key, rows)
    return rows
  }
  const stamped = (object: KubeObject) =>
    freeze({ ...object, metadata: { ...object.metadata, resourceVersion: String(++revision) } })

  return {
    clock,
    ids,
    history,
    timestamp: (offset = 0) => `${new Date(clock.now() + offset * 1000).toISOString().slice(0, 19)}Z`,
    revision: () => revision,
    find: (type, namespace, name) => table(type).get(rowKey(type.namespaced ? namespace : null, name)),
    rows(type, namespace) {
      const all = [...table(type)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object)
      return namespace ? all.filter((object) => object.metadata.namespace === namespace) : all
    },
    save(type, object) {
      const key = rowKey(object.metadata.namespace, object.metadata.name)
      const before = table(type).get(key) ?? null
      const after = stamped(object)
      table(type).set(key, after)
      record({ revision, table: tableOf(type), before, after })
      return after
    },
    remove(type, object) {
      const removed = stamped(object)
      table(type).delete(rowKey(object.metadata.namespace, object.metadata.name))
      record({ revision, table: tableOf(type), before: object, after: null, removed })
      return removed
    },
    takeChange: () => unsettled.shift(),
    ofUid: (uid) => owners.ofUid(uid),
    dependentsOf: (uid) => owners.dependentsOf(uid),
    snapshot() {
      const filled = [...tables].filter(([, rows]) => rows.size > 0)
      const objects = filled.map(([name, rows]) => [name, copy([...rows.values()])] as const)
      return { revision, objects: Object.fromEntries(objects) }
    },
  }
}
