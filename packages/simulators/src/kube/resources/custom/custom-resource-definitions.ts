import type { KubeObject } from '@pod-eip/kube'
import { type Cause, cause } from '../../store/api-error.ts'
import { uncompilable } from '../../store/schema/cel-rules.ts'
import type { Schema } from '../../store/schema/schema.ts'
import { definitionColumns } from '../columns/core-columns.ts'
import { define } from '../define.ts'
import { anything, object } from '../schema/build.ts'

/** Keeps a definition that is being deleted until its objects have gone. */
export const cleanUpFinalizer = 'customresourcecleanup.apiextensions.k8s.io'

export const customResourceDefinitions = define({
  group: 'apiextensions.k8s.io',
  version: 'v1',
  plural: 'customresourcedefinitions',
  columns: definitionColumns,
  kind: 'CustomResourceDefinition',
  namespaced: false,
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  status: true,
  generation: true,
  schema: object(
    { spec: anything('What is served.'), status: anything('What is.') },
    'A resource that the API server serves besides its own.',
    ['spec'],
  ),
  rules: {
    finalizersOnDelete: [cleanUpFinalizer],
    setDefaults({ spec }) {
      if (!spec?.names) return
      spec.names.singular ??= String(spec.names.kind).toLowerCase()
      spec.names.listKind ??= `${spec.names.kind}List`
      spec.conversion ??= { strategy: 'None' }
    },
    validate: definitionCauses,
  },
})

function definitionCauses({ metadata, spec }: KubeObject): Cause[] {
  const required = ['group', 'names', 'scope', 'versions'].filter((field) => spec?.[field] === undefined)
  if (!spec || required.length > 0) return required.map((field) => cause.required(`spec.${field}`))
  const expected = `${spec.names.plural}.${spec.group}`
  const versions: {
    name: string
    served?: boolean
    storage?: boolean
    schema?: { openAPIV3Schema?: Schema }
  }[] = spec.versions
  const stored = versions.filter((version) => version.storage).length
  return [
    ...(metadata.name === expected
      ? []
      : [cause.invalid('metadata.name', metadata.name, 'must be spec.names.plural+"."+spec.group')]),
    ...(stored === 1
      ? []
      : [
          cause.invalid('spec.versions', versions, 'must have exactly one version marked as storage version'),
        ]),
    ...versions.flatMap(({ schema }, i) =>
      schema?.openAPIV3Schema
        ? uncompilable(schema.openAPIV3Schema, `spec.versions[${i}].schema.openAPIV3Schema`)
        : [cause.required(`spec.versions[${i}].schema.openAPIV3Schema`, 'schemas are required')],
    ),
  ]
}
