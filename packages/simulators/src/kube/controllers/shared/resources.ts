import { events, nodes, pods, type Resource } from '@pod-eip/kube'

const apps = (plural: string, kind: string): Resource => ({
  group: 'apps',
  version: 'v1',
  plural,
  kind,
  namespaced: true,
})

export { events, nodes, pods, type Resource }
export const statefulSets = apps('statefulsets', 'StatefulSet')
export const deployments = apps('deployments', 'Deployment')
export const replicaSets = apps('replicasets', 'ReplicaSet')
export const controllerRevisions = apps('controllerrevisions', 'ControllerRevision')
export const daemonSets = apps('daemonsets', 'DaemonSet')
export const jobs: Resource = { group: 'batch', version: 'v1', plural: 'jobs', kind: 'Job', namespaced: true }
