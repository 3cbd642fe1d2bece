import type { KubeObject } from '@pod-eip/kube'

/** An object and the table it lives in. */
export interface Row {
  table: string
  object: KubeObject
}

/** Who is there by uid, and who depends on whom. */
export interface OwnerIndex {
  add(row: Row): void
  delete(row: Row): void
  ofUid(uid: string): Row | undefined
  dependentsOf(uid: string): Row[]
}

export function createOwnerIndex(): OwnerIndex {
  const byUid = new Map<string, Row>()
  const dependents = new Map<string, Map<string, Row>>()
  const ownersOf = ({ object }: Row) => object.metadata.ownerReferences ?? []
  const uidOf = ({ object }: Row) => object.metadata.uid ?? ''
  return {
    add(row) {
      byUid.set(uidOf(row), row)
      for (const { uid } of ownersOf(row)) {
        const rows = dependents.get(uid) ?? new Map<string, Row>()
        dependents.set(uid, rows.set(uidOf(row), row))
      }
    },
    delete(row) {
      byUid.delete(uidOf(row))
      for (const { uid } of ownersOf(row)) {
        const rows = dependents.get(uid)
        rows?.delete(uidOf(row))
        if (rows?.size === 0) dependents.delete(uid)
      }
    },
    ofUid: (uid) => byUid.get(uid),
    dependentsOf: (uid) => [...(dependents.get(uid)?.values() ?? [])],
  }
}
