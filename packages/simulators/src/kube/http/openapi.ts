import type { ResourceType } from '../store/resource-type.ts'
import type { Schema } from '../store/schema/schema.ts'

const root = ({ group, version }: Pick<ResourceType, 'group' | 'version'>) =>
  group === '' ? `api/${version}` : `apis/${group}/${version}`

/** `/openapi/v3`: where the document of each group and version is. */
export function openApiIndex(types: ResourceType[]): object {
  const paths = [...new Set(types.map(root))].map((path) => [
    path,
    { serverRelativeURL: `/openapi/v3/${path}` },
  ])
  return { paths: Object.fromEntries(paths) }
}

/** `/openapi/v3/apis/GROUP/VERSION`: paths and schemas; undefined when nothing is served there. */
export function openApiDocument(types: ResourceType[], path: string): object | undefined {
  const own = types.filter((type) => root(type) === path)
  if (own.length === 0) return undefined
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes (simulated)', version: 'v1' },
    paths: Object.assign({}, ...own.map(pathsOf)),
    components: { schemas: Object.fromEntries(own.map((type) => [schemaName(type), documentSchema(type)])) },
  }
}

/** `/openapi/v2`: the schemas alone, in the older format. */
export function swagger(types: ResourceType[]): object {
  return {
    swagger: '2.0',
    info: { title: 'Kubernetes (simulated)', version: 'v1' },
    paths: {},
    definitions: Object.fromEntries(types.map((type) => [schemaName(type), documentSchema(type)])),
  }
}

function schemaName({ group, version, kind }: ResourceType): string {
  const reversed = (group === '' ? 'core.api.k8s.io' : group).split('.').toReversed().join('.')
  return `${reversed}.${version}.${kind}`
}

const kindOf = ({ group, version, kind }: ResourceType) => ({ group, version, kind })

function documentSchema(type: ResourceType): Schema {
  const extension = { 'x-kubernetes-group-version-kind': [kindOf(type)] }
  return { ...type.schema, ...extension }
}

function pathsOf(type: ResourceType): object {
  const scope = type.namespaced ? '/namespaces/{namespace}' : ''
  const collection = `/${root(type)}${scope}/${type.plural}`
  const content = { 'application/json': { schema: { $ref: `#/components/schemas/${schemaName(type)}` } } }
  const operation = (action: string, ...parameters: string[]) => ({
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': kindOf(type),
    parameters: parameters.map((name) => ({ name, in: 'query', schema: { type: 'string' } })),
    responses: { 200: { description: 'OK', content } },
  })
  const written = ['dryRun', 'fieldManager', 'fieldValidation']
  return {
    [collection]: {
      get: operation('list', 'labelSelector', 'fieldSelector'),
      post: operation('post', ...written),
    },
    [`${collection}/{name}`]: {
      get: operation('get'),
      put: operation('put', ...written),
      patch: operation('patch', ...written, 'force'),
      delete: operation('delete', 'dryRun', 'propagationPolicy'),
    },
  }
}
