import type { KubeObject } from '@pod-eip/kube'
import type { ResourceType, ScalePaths } from '../../store/resource-type.ts'
import type { Schema } from '../../store/schema/schema.ts'
import { define } from '../define.ts'
import { customColumns, type PrinterColumn } from './custom-columns.ts'

interface Version {
  name: string
  served: boolean
  schema?: { openAPIV3Schema?: Schema }
  subresources?: {
    status?: object
    scale?: { specReplicasPath: string; statusReplicasPath: string; labelSelectorPath?: string }
  }
  additionalPrinterColumns?: PrinterColumn[]
  selectableFields?: { jsonPath: string }[]
}

/** The resource types that a CustomResourceDefinition brings: one for each version that is served. */
export function typesOfDefinition({ spec }: KubeObject): ResourceType[] {
  const versions: Version[] = spec.versions
  return versions
    .filter(({ served }) => served)
    .map((version) =>
      define({
        group: spec.group,
        version: version.name,
        plural: spec.names.plural,
        kind: spec.names.kind,
        singular: spec.names.singular,
        listKind: spec.names.listKind,
        shortNames: spec.names.shortNames ?? [],
        categories: spec.names.categories ?? [],
        namespaced: spec.scope === 'Namespaced',
        custom: true,
        schema: version.schema?.openAPIV3Schema ?? {},
        status: version.subresources?.status !== undefined,
        ...scaleOf(version),
        generation: true,
        columns: customColumns(version.additionalPrinterColumns),
        rules: {
          selectableFields: (version.selectableFields ?? []).map(({ jsonPath }) => jsonPath.slice(1)),
        },
      }),
    )
}

function scaleOf({ subresources }: Version): { scale?: ScalePaths } {
  const scale = subresources?.scale
  if (!scale) return {}
  const path = (text: string) => text.split('.').filter((part) => part !== '')
  return {
    scale: {
      specReplicas: path(scale.specReplicasPath),
      statusReplicas: path(scale.statusReplicasPath),
      ...(scale.labelSelectorPath ? { selector: path(scale.labelSelectorPath) } : {}),
    },
  }
}
