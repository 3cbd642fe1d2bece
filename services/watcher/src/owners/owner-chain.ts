import type { ObjectRef } from '@pod-eip/domain'
import type { KubeObject } from '@pod-eip/kube'
import type { Clock } from '@pod-eip/runtime'
import { z } from 'zod'
import { controllerOf, metaSchema, safeParse } from '../project/object-meta.ts'
import type { ObjectQuestions } from './ask-about-objects.ts'
import { isOneRun } from './one-run.ts'

/** The workload on top of a controller. */
export interface Top {
  owner: ObjectRef
  /** It, or a link of the chain below it that ends there, is gone already. */
  vanished: boolean
}

/** Goes up from a Pod's controller to the controller's controller, and so on; a workload that is one run is the top. */
export interface OwnerChain {
  /** The top; `null` when the API server fails to tell. What was found out is remembered for some minutes. */
  top(controller: ObjectRef, namespace: string): Promise<Top | null>
  /** Asks anew wherever this object stood in a chain. */
  forget(uid: string): void
}

export interface ChainDeps {
  questions: ObjectQuestions
  /** Told of each top before it is looked at for the last time: whoever follows it from then on misses no end. */
  onOwner: (owner: ObjectRef, namespace: string) => void
  clock: Clock
}

const rememberMs = 5 * 60_000
/** Real chains have two or three links; a ring of owners is a mistake of somebody's. */
const longestChain = 10
const mostRemembered = 20_000

export function createOwnerChain({ questions, onOwner, clock }: ChainDeps): OwnerChain {
  const remembered = new Map<string, { top: Top; uids: string[]; until: number }>()

  async function walk(first: ObjectRef, namespace: string): Promise<{ top: Top; uids: string[] } | null> {
    const uids = [first.uid]
    let owner = first
    for (;;) {
      const object = await questions.look(owner, namespace)
      switch (object) {
        case 'unknown':
          return null
        // A link that may not be looked at, or is gone, ends the chain.
        case 'hidden':
        case 'gone':
          return { top: { owner, vanished: object === 'gone' }, uids }
      }
      const next = isOneRun(owner) ? null : controllerOfObject(object)
      if (!next || uids.includes(next.uid) || uids.length === longestChain) {
        return { top: { owner, vanished: false }, uids }
      }
      owner = next
      uids.push(next.uid)
    }
  }

  return {
    async top(controller, namespace) {
      const known = remembered.get(controller.uid)
      if (known && clock.now() < known.until) {
        onOwner(known.top.owner, namespace)
        return known.top
      }
      const walked = await walk(controller, namespace)
      if (!walked) return null
      const { top, uids } = walked
      onOwner(top.owner, namespace)
      const vanished = top.vanished || (await questions.look(top.owner, namespace)) === 'gone'
      if (vanished) return { ...top, vanished }
      if (remembered.size >= mostRemembered) remembered.clear()
      remembered.set(controller.uid, { top, uids, until: clock.now() + rememberMs })
      return top
    },
    forget(uid) {
      for (const [controller, { uids }] of remembered) if (uids.includes(uid)) remembered.delete(controller)
    },
  }
}

function controllerOfObject(object: KubeObject): ObjectRef | null {
  const parsed = safeParse(z.object({ metadata: metaSchema }), object)
  return parsed?.success ? controllerOf(parsed.data.metadata) : null
}
