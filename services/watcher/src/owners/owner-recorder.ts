import type { CompleteList, KubeObject, Resource } from '@pod-eip/kube'
import { z } from 'zod'
import type { Recorder } from '../follow/recorder.ts'
import { groupOf, metaSchema, readObject } from '../project/object-meta.ts'
import type { ClusterEvent } from '../record/cluster-event.ts'
import type { ObjectQuestions } from './ask-about-objects.ts'
import type { KnownOwner, OwnerBook } from './owner-book.ts'
import type { OwnerChain } from './owner-chain.ts'
import type { TellOwnerEnd } from './owner-end.ts'

/** What is kept of an object that may own claims' Pods. */
export interface SeenOwner {
  uid: string
  /** It is being deleted in a way that leaves what it owns. */
  orphaning: boolean
}

export interface OwnerRecorderDeps {
  book: OwnerBook
  chain: OwnerChain
  questions: ObjectQuestions
  tellEnd: TellOwnerEnd
}

/** Records the end of those objects of a resource that claims' Pods belong to. */
export function createOwnerRecorder(resource: Resource, deps: OwnerRecorderDeps): Recorder<SeenOwner> {
  const { book, chain, questions, tellEnd } = deps

  const isOfResource = ({ ref }: KnownOwner) =>
    ref.kind === resource.kind && groupOf(ref.apiVersion) === resource.group

  async function onList(list: CompleteList<SeenOwner>): Promise<ClusterEvent[]> {
    const seen = new Map(list.items.map((object) => [object.uid, object]))
    const facts: ClusterEvent[] = []
    for (const { ref, namespace } of book.all().filter(isOfResource)) {
      const object = seen.get(ref.uid)
      if (object?.orphaning) facts.push(...(await tellEnd(ref.uid, resource, 'Orphaning')))
      // It may be younger than the list: it is looked for once more, by itself.
      else if (!object && (await questions.isGone(ref, namespace))) {
        facts.push(...(await tellEnd(ref.uid, resource, 'Missed')))
      }
    }
    return facts
  }

  return {
    resource,
    view: '1',
    optional: true,
    project: (object) => projectOwner(object, resource.kind),
    load: () => book.load(),
    list: onList,
    // Each of them was looked for once more, by itself.
    doubt: () => ({ until: 0, held: false }),
    async changes(changes) {
      const facts: ClusterEvent[] = []
      for (const { type, object } of changes) {
        if (type === 'DELETED') {
          chain.forget(object.uid)
          facts.push(...(await tellEnd(object.uid, resource, 'Deleted')))
        } else if (object.orphaning) facts.push(...(await tellEnd(object.uid, resource, 'Orphaning')))
      }
      return facts
    },
    known: () => book.all().filter(isOfResource).length,
  }
}

const ownerSchema = z.object({ metadata: metaSchema.extend({ finalizers: z.array(z.string()).nullish() }) })

function projectOwner(object: KubeObject, kind: string): SeenOwner {
  const { metadata } = readObject(ownerSchema, kind, object)
  const orphaning = Boolean(metadata.deletionTimestamp && metadata.finalizers?.includes(orphanFinalizer))
  return { uid: metadata.uid, orphaning }
}

/** Kubernetes' garbage collector takes it off once it has let the dependents go. */
const orphanFinalizer = 'orphan'
