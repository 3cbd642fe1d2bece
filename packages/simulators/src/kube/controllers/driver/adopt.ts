import type { KubeObject } from '@pod-eip/kube'
import { labelSelector, selectorText } from '../../store/selectors.ts'
import type { Action } from '../shared/actions.ts'
import type { AnyObject, LabelSelector, ObjectMeta } from '../shared/objects.ts'
import { controllerRef, controllerRefTo, isTerminating } from '../shared/pod-state.ts'
import type { Resource } from '../shared/resources.ts'
import type { ObjectCache } from './object-cache.ts'

/** A workload that takes in what its selector selects. */
interface Adopter {
  metadata: ObjectMeta
  spec: { selector: LabelSelector }
}

/**
 * Adoptions of what an earlier workload left behind when it was deleted with `--cascade=orphan`: objects without a
 * controller that the selector selects.
 */
export function adoptions(
  cache: ObjectCache,
  adopter: Adopter,
  kind: string,
  resource: Resource,
  fits: (object: AnyObject) => boolean = () => true,
): Action[] {
  if (isTerminating(adopter)) return []
  const selects = labelSelector(selectorText(adopter.spec.selector))
  return cache
    .list<AnyObject>(resource)
    .filter((object) => object.metadata.namespace === adopter.metadata.namespace)
    .filter((object) => !controllerRef(object) && !isTerminating(object) && fits(object))
    .filter((object) => selects(object as KubeObject))
    .map((object) => ({ do: 'adopt', resource, object, owner: controllerRefTo(adopter, kind) }))
}
