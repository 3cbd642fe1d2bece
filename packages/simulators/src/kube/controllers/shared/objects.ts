/**
 * The objects that the controllers read, as far as they read them. Everything else in an object is
 * carried along untouched.
 */
export interface ObjectMeta {
  name: string
  namespace?: string
  generateName?: string
  uid?: string
  resourceVersion?: string
  generation?: number
  creationTimestamp?: string | null
  deletionTimestamp?: string
  deletionGracePeriodSeconds?: number
  labels?: Record<string, string>
  annotations?: Record<string, string>
  finalizers?: string[]
  ownerReferences?: OwnerReference[]
}

export interface OwnerReference {
  apiVersion: string
  kind: string
  name: string
  uid: string
  controller?: boolean
  blockOwnerDeletion?: boolean
}

export interface Condition {
  type: string
  status: string
  reason?: string
  message?: string
  lastTransitionTime?: string | null
  lastUpdateTime?: string
  observedGeneration?: number
}

export type ResourceList = Record<string, string | number>

export interface Container {
  name: string
  image?: string
  resources?: { requests?: ResourceList; limits?: ResourceList }
}

export interface Toleration {
  key?: string
  operator?: string
  value?: string
  effect?: string
  tolerationSeconds?: number
}

export interface Taint {
  key: string
  value?: string
  effect: string
  timeAdded?: string
}

export interface NodeSelectorTerm {
  matchExpressions?: { key: string; operator: string; values?: string[] }[]
}

export interface PodSpec {
  nodeName?: string
  containers: Container[]
  initContainers?: Container[]
  restartPolicy?: string
  nodeSelector?: Record<string, string>
  affinity?: {
    nodeAffinity?: {
      requiredDuringSchedulingIgnoredDuringExecution?: { nodeSelectorTerms: NodeSelectorTerm[] }
    }
  }
  tolerations?: Toleration[]
  readinessGates?: { conditionType: string }[]
  schedulingGates?: { name: string }[]
  terminationGracePeriodSeconds?: number
  priority?: number
  hostNetwork?: boolean
  hostname?: string
  subdomain?: string
  [field: string]: unknown
}

export interface ContainerStatus {
  name: string
  state?: {
    waiting?: { reason?: string; message?: string }
    running?: { startedAt: string }
    terminated?: TerminatedState
  }
  lastState?: { terminated?: TerminatedState }
  ready: boolean
  started?: boolean
  restartCount: number
  image: string
  imageID: string
  containerID?: string
}

export interface TerminatedState {
  exitCode: number
  reason: string
  startedAt: string
  finishedAt: string
  containerID?: string
}

export interface PodStatus {
  phase?: string
  reason?: string
  message?: string
  conditions?: Condition[]
  startTime?: string
  hostIP?: string
  hostIPs?: { ip: string }[]
  podIP?: string
  podIPs?: { ip: string }[]
  qosClass?: string
  observedGeneration?: number
  initContainerStatuses?: ContainerStatus[]
  containerStatuses?: ContainerStatus[]
}

export interface Pod {
  apiVersion?: string
  kind?: string
  metadata: ObjectMeta
  spec: PodSpec
  status?: PodStatus
}

export interface Node {
  apiVersion?: string
  kind?: string
  metadata: ObjectMeta
  spec?: { providerID?: string; unschedulable?: boolean; taints?: Taint[] }
  status?: {
    capacity?: ResourceList
    allocatable?: ResourceList
    conditions?: Condition[]
    addresses?: { type: string; address: string }[]
    nodeInfo?: Record<string, string>
  }
}

export interface PodTemplate {
  metadata?: Partial<ObjectMeta>
  spec: PodSpec
}

export interface LabelSelector {
  matchLabels?: Record<string, string>
  matchExpressions?: { key: string; operator: string; values?: string[] }[]
}

export interface StatefulSet {
  apiVersion?: string
  kind?: string
  metadata: ObjectMeta
  spec: {
    replicas?: number
    serviceName?: string
    selector: LabelSelector
    template: PodTemplate
    podManagementPolicy?: string
    minReadySeconds?: number
    revisionHistoryLimit?: number
    ordinals?: { start?: number }
    updateStrategy?: { type?: string; rollingUpdate?: { partition?: number } }
  }
  status?: StatefulSetStatus
}

export interface StatefulSetStatus {
  observedGeneration?: number
  replicas?: number
  readyReplicas?: number
  availableReplicas?: number
  currentReplicas?: number
  updatedReplicas?: number
  currentRevision?: string
  updateRevision?: string
  collisionCount?: number
}

export interface ControllerRevision {
  apiVersion?: string
  kind?: string
  metadata: ObjectMeta
  revision: number
  data: { spec: { template: PodTemplate & { $patch?: string } } }
}

export interface ReplicaSet {
  apiVersion?: string
  kind?: string
  metadata: ObjectMeta
  spec: {
    replicas?: number
    minReadySeconds?: number
    selector: LabelSelector
    template: PodTemplate
  }
  status?: {
    replicas?: number
    fullyLabeledReplicas?: number
    readyReplicas?: number
    availableReplicas?: number
    terminatingReplicas?: number
    observedGeneration?: number
  }
}

export interface Deployment {
  apiVersion?: string
  kind?: string
  metadata: ObjectMeta
  spec: {
    replicas?: number
    paused?: boolean
    minReadySeconds?: number
    revisionHistoryLimit?: number
    progressDeadlineSeconds?: number
    selector: LabelSelector
    template: PodTemplate
    strategy?: {
      type?: string
      rollingUpdate?: { maxSurge?: number | string; maxUnavailable?: number | string }
    }
  }
  status?: DeploymentStatus
}

export interface DeploymentStatus {
  observedGeneration?: number
  replicas?: number
  updatedReplicas?: number
  readyReplicas?: number
  availableReplicas?: number
  unavailableReplicas?: number
  terminatingReplicas?: number
  conditions?: Condition[]
  collisionCount?: number
}

export interface DaemonSet {
  apiVersion?: string
  kind?: string
  metadata: ObjectMeta
  spec: { selector: LabelSelector; template: PodTemplate; minReadySeconds?: number }
  status?: Record<string, number>
}

export interface Job {
  apiVersion?: string
  kind?: string
  metadata: ObjectMeta
  spec: {
    parallelism?: number
    completions?: number
    backoffLimit?: number
    suspend?: boolean
    selector: LabelSelector
    template: PodTemplate
  }
  status?: JobStatus
}

export interface JobStatus {
  active?: number
  ready?: number
  terminating?: number
  succeeded?: number
  failed?: number
  startTime?: string
  completionTime?: string
  conditions?: Condition[]
}

/** Any object of the cluster. */
export interface AnyObject {
  apiVersion?: string
  kind?: string
  metadata: ObjectMeta
  [field: string]: unknown
}
