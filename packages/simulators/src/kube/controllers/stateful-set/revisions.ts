import type { Action } from '../shared/actions.ts'
import { sameJson, shortHash } from '../shared/json.ts'
import type { ControllerRevision, StatefulSet } from '../shared/objects.ts'
import { controllerRefTo } from '../shared/pod-state.ts'
import { controllerRevisions } from '../shared/resources.ts'

/** The two templates that a StatefulSet's Pods can have while it changes from one to the other. */
export interface Revisions {
  current: ControllerRevision
  update: ControllerRevision
  /** Creates or renumbers the update revision, and drops what history no longer needs. */
  actions: Action[]
}

/**
 * The revision of the set's template, written down when it is new (a template that comes back gets the
 * highest number again), and the revision that its Pods are on.
 */
export function resolveRevisions(
  set: StatefulSet,
  known: ControllerRevision[],
  revisionsInUse: Set<string>,
): Revisions {
  const sorted = [...known].sort((a, b) => a.revision - b.revision)
  const data = { spec: { template: { ...set.spec.template, $patch: 'replace' } } }
  const highest = sorted.at(-1)?.revision ?? 0
  const actions: Action[] = []

  let update = sorted.findLast((r) => sameJson(r.data, data))
  if (!update) {
    update = newRevision(set, data, highest + 1)
    actions.push({ do: 'create', resource: controllerRevisions, object: update })
  } else if (update.revision < highest) {
    update = { ...update, revision: highest + 1 }
    actions.push({ do: 'update', resource: controllerRevisions, object: update })
  }

  const updateName = update.metadata.name
  const current = sorted.find((r) => r.metadata.name === set.status?.currentRevision) ?? update
  const keep = new Set([...revisionsInUse, current.metadata.name, updateName])
  const history = sorted.filter((r) => !keep.has(r.metadata.name))
  const excess = history.slice(0, Math.max(0, history.length - (set.spec.revisionHistoryLimit ?? 10)))
  for (const object of excess) actions.push({ do: 'delete', resource: controllerRevisions, object })

  return { current, update, actions }
}

function newRevision(
  set: StatefulSet,
  data: ControllerRevision['data'],
  revision: number,
): ControllerRevision {
  const hash = shortHash(data)
  return {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name: `${set.metadata.name}-${hash}`,
      namespace: set.metadata.namespace ?? 'default',
      labels: { ...set.spec.template.metadata?.labels, 'controller.kubernetes.io/hash': hash },
      ownerReferences: [controllerRefTo(set, 'StatefulSet')],
    },
    data,
    revision,
  }
}
