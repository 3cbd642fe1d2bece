import { type Cluster, type CompleteList, configMaps, KubeError, writeRefusal } from '@pod-eip/kube'
import { fieldManagerOf } from './field-manager-of.ts'
import { writeMarker } from './marker.ts'
import type { MarkedConfig } from './plan-list.ts'
import { type ConfigPlace, type SeenConfig, seeConfig } from './seen-config.ts'

/** Where the configuration stands, and the annotation that says which entries of it are ours. */
export interface ConfigTarget extends ConfigPlace {
  annotation: string
}

/** Whether the ConfigMap shows something else than is planned. */
export function isChange(seen: SeenConfig, { text, marker }: MarkedConfig): boolean {
  return text !== seen.text || annotationOf(marker) !== (seen.annotation ?? null)
}

/**
 * Writes list and marker in one go, and only on the very state that the plan was made from.
 * @returns the ConfigMap as it is then; `null` when it is another one by now, or none: look again
 */
export async function writeConfig(
  cluster: Pick<Cluster, 'mergePatch'>,
  target: ConfigTarget,
  seen: SeenConfig,
  { text, marker }: MarkedConfig,
): Promise<SeenConfig | null> {
  const { namespace, name, key, annotation } = target
  const { uid, resourceVersion } = seen
  const patch = {
    metadata: { uid, resourceVersion, annotations: { [annotation]: annotationOf(marker) } },
    ...(text !== (seen.text ?? '') && { data: { [key]: text } }),
  }
  try {
    return seeConfig(
      await cluster.mergePatch(configMaps, namespace, name, patch, {
        fieldManager: fieldManagerOf(annotation),
      }),
      target,
      annotation,
    )
  } catch (error) {
    const changed = error instanceof KubeError && (error.status === 409 || error.status === 404)
    if (changed && writeRefusal(error) === null) return null
    throw error
  }
}

/** A fresh list with the ConfigMap in it, when there is one. */
export async function readConfig(
  cluster: Pick<Cluster, 'list'>,
  target: ConfigTarget,
): Promise<CompleteList<SeenConfig>> {
  const { namespace, name, annotation } = target
  // A list of one, so that it takes no other right than the watch.
  const fieldSelector = `metadata.name=${name}`
  const { items, resourceVersion } = await cluster.list(configMaps, { namespace, fieldSelector })
  return { items: items.map((object) => seeConfig(object, target, annotation)), resourceVersion }
}

function annotationOf(marker: MarkedConfig['marker']): string | null {
  return marker && writeMarker(marker)
}
