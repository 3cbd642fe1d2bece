/** An object of the cluster as ownerReferences name it. Its uid tells it from a later one of the same name. */
export type ObjectRef = {
  /** `group/version`, or the version alone in the core group. */
  apiVersion: string
  kind: string
  name: string
  uid: string
}

/** Whether two references mean the same object. */
export function sameObject(a: ObjectRef | null, b: ObjectRef | null): boolean {
  return a?.uid === b?.uid
}
