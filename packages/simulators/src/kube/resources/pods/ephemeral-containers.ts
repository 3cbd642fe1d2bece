import type { KubeObject } from '@pod-eip/kube'
import { type Cause, cause } from '../../store/api-error.ts'
import { equal } from '../../store/json.ts'
import type { WrittenPart } from '../../store/resource-type.ts'
import { containerNameCauses } from './container-rules.ts'

const field = 'spec.ephemeralContainers'
const forbiddenFields = [
  ...['ports', 'livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle', 'resources', 'resizePolicy'],
  ...['restartPolicy'],
]

type Container = Record<string, unknown> & { name: string; image?: string; targetContainerName?: string }

const added = ({ spec }: KubeObject): Container[] => spec?.ephemeralContainers ?? []

/** Containers that `kubectl debug` adds to a running Pod: they can be added, and nothing else. */
export const ephemeralContainers: WrittenPart = {
  path: ['spec', 'ephemeralContainers'],
  validateUpdate(object, before) {
    const now = new Map(added(object).map((container) => [container.name, container]))
    return added(before).flatMap((container) => {
      const found = now.get(container.name)
      if (found && equal(found, container)) return []
      const what = found ? 'changed' : 'removed'
      const name = JSON.stringify(container.name)
      return [cause.forbidden(field, `existing ephemeral containers ${name} may not be ${what}`)]
    })
  },
}

/** What is wrong with the ephemeral containers of a Pod. */
export function ephemeralContainerCauses({ spec }: KubeObject): Cause[] {
  const others: Container[] = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])]
  const names = others.map(({ name }) => name)
  return added({ metadata: { name: '' }, spec }).flatMap((container, i) => {
    const own = `${field}[${i}]`
    const { name, targetContainerName: target } = container
    const forbidden = forbiddenFields.filter((one) => !equal(container[one] ?? {}, {}))
    return [
      ...containerNameCauses(own, container),
      ...(names.includes(name) ? [cause.duplicate(`${own}.name`, name)] : []),
      ...(target && !names.includes(target) ? [cause.notFound(`${own}.targetContainerName`, target)] : []),
      ...forbidden.map((one) => cause.forbidden(`${own}.${one}`, 'cannot be set for an Ephemeral Container')),
    ]
  })
}
