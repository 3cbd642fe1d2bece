/** Which resource: the path of its collection. */
export interface Resource {
  /** '' for the core group. */
  group: string
  version: string
  plural: string
  kind: string
  namespaced: boolean
}

const core = (plural: string, kind: string, namespaced = true): Resource => ({
  group: '',
  version: 'v1',
  plural,
  kind,
  namespaced,
})
const apps = (plural: string, kind: string): Resource => ({
  group: 'apps',
  version: 'v1',
  plural,
  kind,
  namespaced: true,
})

export const pods = core('pods', 'Pod')
export const nodes = core('nodes', 'Node', false)
export const events = core('events', 'Event')
export const statefulSets = apps('statefulsets', 'StatefulSet')
export const deployments = apps('deployments', 'Deployment')
export const replicaSets = apps('replicasets', 'ReplicaSet')
export const controllerRevisions = apps('controllerrevisions', 'ControllerRevision')
export const daemonSets = apps('daemonsets', 'DaemonSet')
export const jobs: Resource = { group: 'batch', version: 'v1', plural: 'jobs', kind: 'Job', namespaced: true }
