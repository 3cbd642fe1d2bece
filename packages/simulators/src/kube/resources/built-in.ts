import type { KubeObject } from '@pod-eip/kube'
import type { ResourceType } from '../store/resource-type.ts'
import { controllerRevisions, deployments, replicaSets, statefulSets } from './apps.ts'
import {
  configMaps,
  events,
  namespaces,
  persistentVolumeClaims,
  secrets,
  serviceAccounts,
  services,
} from './core.ts'
import { customResourceDefinitions } from './custom/custom-resource-definitions.ts'
import { daemonSets } from './daemon-sets.ts'
import { eventsView } from './events-view.ts'
import { jobs } from './jobs.ts'
import { leases } from './leases.ts'
import { nodes } from './nodes.ts'
import { pods } from './pods/pods.ts'

/** What every API server serves, as far as this one goes. */
export const builtInTypes: ResourceType[] = [
  namespaces,
  nodes,
  pods,
  services,
  configMaps,
  secrets,
  serviceAccounts,
  persistentVolumeClaims,
  events,
  deployments,
  replicaSets,
  statefulSets,
  daemonSets,
  controllerRevisions,
  jobs,
  leases,
  customResourceDefinitions,
  eventsView,
]

/** What a new cluster holds. */
export const initialObjects: [ResourceType, KubeObject][] = [
  'default',
  'kube-node-lease',
  'kube-public',
  'kube-system',
].map((name) => [namespaces, { metadata: { name } }])
