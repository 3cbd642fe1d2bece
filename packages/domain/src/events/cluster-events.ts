import type { PodRequest } from '../annotations/pod-request.ts'
import type { ObjectRef } from './object-ref.ts'

/** Seen in the cluster; appended by the watcher. */
export interface ClusterEvents {
  /** A Pod that asks for an EIP, or one that a claim knows, as it stands at `resourceVersion`. */
  PodObserved: {
    claim: string
    podUid: string
    resourceVersion: string
    /** `null` when it no longer asks. */
    request: PodRequest | null
    hostNetwork: boolean
    node: string | null
    privateIp: string | null
    /** What made it and would replace it, such as a StatefulSet or ReplicaSet; `null` for a Pod on its own. */
    controller: ObjectRef | null
    /** The workload on top: who controls the controller, and so on upwards. The controller itself when nobody does. */
    owner: ObjectRef | null
    /** Its deletion was asked for; it may still run. */
    terminating: boolean
    /**
     * When its grace period is over, ISO 8601: it may end sooner, or later where its node is not heard of. Absent
     * until its deletion was asked for.
     */
    endsBy?: string
    createdAt: string
  }
  /**
   * A Pod's end: proved by its deletion, its terminal phase, or a complete list without it (`Missed`), which later
   * sight of the Pod can take back.
   */
  PodEnded: {
    claim: string
    podUid: string
    reason: 'Deleted' | 'Succeeded' | 'Failed' | 'Evicted' | 'Replaced' | 'Missed'
    message?: string
    /** `Missed`: resourceVersion of the list without it. */
    listVersion?: string
  }
  /** A Pod that a complete list lacked is there all the same: its end is taken back. */
  PodFoundAgain: ClusterEvents['PodObserved'] & {
    /** `listVersion` of the end that is taken back. */
    missedVersion: string
  }
  NodeObserved: {
    node: string
    nodeUid: string
    resourceVersion: string
    /** The CVM, such as `ins-0a1b2c3d`; `null` when the Node does not say. */
    instanceId: string | null
    /** CPU cores of the instance; `null` when the Node does not say. */
    cpu: number | null
    /** Its InternalIP: the CVM's own private address; `null` when the Node does not say. */
    internalIp: string | null
  }
  /** Which cluster the log is about, by the uid of its namespace kube-system. Recorded once. */
  ClusterIdentified: { clusterUid: string }
  NodeRemoved: { node: string; nodeUid: string }
  /**
   * Another object stands on top of the claim's workload than `formerUid` says, although its Pod has not changed:
   * an owner higher up was deleted and let its dependents go, or was not known yet (`null`).
   */
  OwnerChanged: { claim: string; podUid: string; formerUid: string | null; owner: ObjectRef }
  /** A workload that claims' Pods belong to, or belonged to, has gone. Told once for each, whatever follows. */
  OwnerEnded: {
    owner: ObjectRef
    /** `null` for an object of the whole cluster. */
    namespace: string | null
    reason: OwnerEnd
  }
  /** The claim's EIPClaim object is being deleted. */
  EipClaimDeletionRequested: {
    claim: string
    objectUid: string
    /** Its whole namespace goes: the Pod goes too, and no object can come back. */
    namespaceTerminating: boolean
    /**
     * Uid of the owner that the object names, when that has gone or waits for what it owns to go: Kubernetes'
     * garbage collector deletes the object, and no person.
     */
    collectedWith: string | null
    /** The Pod had gone by then, or was going: its end is in the log, or follows. */
    podGoing?: true
  }
}

/**
 * How a workload ended. `Deleted`: seen to go. `Orphaning`: its deletion was asked for in a way that leaves what
 * it owns (`--cascade=orphan`). `Missed`: a complete, fresh list is without it.
 */
export type OwnerEnd = 'Deleted' | 'Orphaning' | 'Missed'
