import { type Cause, cause } from '../../store/api-error.ts'
import { qualifiedNameCauses } from '../../store/names.ts'
import { quantity } from '../quantity.ts'

type Quantities = Record<string, string | number>

const hugePages = 'hugepages-'
const ofContainers = ['cpu', 'memory', 'ephemeral-storage']
/** Resources that quotas know and no container asks for. */
const ofNamespaces = [
  ...['storage', 'pods', 'services', 'replicationcontrollers', 'resourcequotas', 'secrets', 'configmaps'],
  ...['persistentvolumeclaims', 'services.nodeports', 'services.loadbalancers'],
]

/** A native resource is one that Kubernetes itself knows; all others are extended ones. */
const isNative = (name: string) => !name.includes('/') || name.includes('kubernetes.io/')
const isOfContainers = (name: string) => ofContainers.includes(name) || name.startsWith(hugePages)
/** More can be promised than there is. */
const canBeOvercommitted = (name: string) => isNative(name) && !name.startsWith(hugePages)

/** What is wrong with what a container asks for. */
export function resourceCauses(
  path: string,
  resources: { requests?: Quantities; limits?: Quantities } | undefined,
): Cause[] {
  const { requests = {}, limits = {} } = resources ?? {}
  const names = [...Object.keys(requests), ...Object.keys(limits)]
  const hasBase = names.some((name) => name === 'cpu' || name === 'memory')
  const onlyPages = !hasBase && names.some((name) => name.startsWith(hugePages))
  return [
    ...quantityCauses(`${path}.limits`, limits),
    ...quantityCauses(`${path}.requests`, requests),
    ...Object.entries(requests).flatMap(([name, asked]) => excessCauses(path, name, asked, limits[name])),
    ...(onlyPages ? [cause.forbidden(path, 'HugePages require cpu or memory')] : []),
  ]
}

function quantityCauses(path: string, quantities: Quantities): Cause[] {
  return Object.entries(quantities).flatMap(([name, asked]) => {
    const field = `${path}[${name}]`
    const value = quantity(asked)
    const wrong = [...nameCauses(field, name)]
    if (value < 0) wrong.push(cause.invalid(field, String(asked), 'must be greater than or equal to 0'))
    if (!isNative(name) && !Number.isInteger(value)) {
      wrong.push(cause.invalid(field, String(asked), 'must be an integer'))
    }
    return wrong
  })
}

function nameCauses(field: string, name: string): Cause[] {
  const unqualified = qualifiedNameCauses(field, [name])
  const wrong = (why: string) => cause.invalid(field, name, why)
  if (name.includes('/')) {
    const isExtended = isNative(name) || (unqualified.length === 0 && !name.startsWith('requests.'))
    return isExtended ? [] : [...unqualified, wrong("doesn't follow extended resource name standard")]
  }
  if (isOfContainers(name)) return unqualified
  const isKnown = ofNamespaces.includes(name) || unqualified.length > 0
  return [
    ...unqualified,
    ...(isKnown ? [] : [wrong('must be a standard resource type or fully qualified')]),
    wrong('must be a standard resource for containers'),
  ]
}

/** What is asked for beyond the limit. */
function excessCauses(
  path: string,
  name: string,
  asked: string | number,
  limit: string | number | undefined,
): Cause[] {
  const isFixed = !canBeOvercommitted(name)
  if (limit === undefined) {
    const why = 'Limit must be set for non overcommitable resources'
    return isFixed ? [cause.required(`${path}.limits`, why)] : []
  }
  const field = `${path}.requests`
  if (isFixed && quantity(asked) !== quantity(limit)) {
    return [cause.invalid(field, String(asked), `must be equal to ${name} limit of ${limit}`)]
  }
  return quantity(asked) > quantity(limit)
    ? [cause.invalid(field, String(asked), `must be less than or equal to ${name} limit of ${limit}`)]
    : []
}
