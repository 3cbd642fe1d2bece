import type { KubeObject } from '@pod-eip/kube'
import type { Column } from '../../store/resource-type.ts'
import { selectorText } from '../../store/selectors.ts'
import { age as ageOf } from './age.ts'
import { age, column, count, joined, wide } from './column.ts'

const containers = ({ spec }: KubeObject): { name: string; image?: string }[] =>
  spec?.template?.spec?.containers ?? []
const images = [
  wide('Containers', (object) => joined(containers(object).map(({ name }) => name))),
  wide('Images', (object) => joined(containers(object).map(({ image }) => image ?? ''))),
]
const selector = wide('Selector', ({ spec }) => selectorText(spec?.selector) || null)
const ready = ({ spec, status }: KubeObject) => `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 0}`

export const deploymentColumns: Column[] = [
  column('Ready', ready),
  count('Up-to-date', ({ status }) => status?.updatedReplicas),
  count('Available', ({ status }) => status?.availableReplicas),
  age,
  ...images,
  selector,
]

export const replicaSetColumns: Column[] = [
  count('Desired', ({ spec }) => spec?.replicas),
  count('Current', ({ status }) => status?.replicas),
  count('Ready', ({ status }) => status?.readyReplicas),
  age,
  ...images,
  selector,
]

export const statefulSetColumns: Column[] = [column('Ready', ready), age, ...images]

export const daemonSetColumns: Column[] = [
  count('Desired', ({ status }) => status?.desiredNumberScheduled),
  count('Current', ({ status }) => status?.currentNumberScheduled),
  count('Ready', ({ status }) => status?.numberReady),
  count('Up-to-date', ({ status }) => status?.updatedNumberScheduled),
  count('Available', ({ status }) => status?.numberAvailable),
  column(
    'Node Selector',
    ({ spec }) => selectorText({ matchLabels: spec?.template?.spec?.nodeSelector }) || null,
  ),
  age,
  ...images,
  selector,
]

export const jobColumns: Column[] = [
  column('Status', ({ status }) => {
    const over = ['Complete', 'Failed'].find((type) =>
      status?.conditions?.some(
        (c: { type: string; status: string }) => c.type === type && c.status === 'True',
      ),
    )
    return over ?? 'Running'
  }),
  column('Completions', ({ spec, status }) => `${status?.succeeded ?? 0}/${spec?.completions ?? 1}`),
  column('Duration', ({ status }, now) => runTime(status ?? {}, now)),
  age,
  ...images,
  selector,
]

function runTime({ startTime, completionTime }: Record<string, string>, now: number): string {
  return startTime === undefined ? '' : ageOf(startTime, completionTime ? Date.parse(completionTime) : now)
}

export const controllerRevisionColumns: Column[] = [
  column('Controller', ({ metadata }) => {
    const owner = metadata.ownerReferences?.find(({ controller }) => controller)
    return owner ? `${owner.kind.toLowerCase()}.${owner.apiVersion.split('/')[0]}/${owner.name}` : null
  }),
  count('Revision', ({ revision }) => revision),
  age,
]
