import type { Resource } from '@pod-eip/kube'
import {
  type FollowDeps,
  type Follower,
  type FollowStatus,
  followResource,
} from '../follow/follow-resource.ts'
import { insist } from '../follow/insist.ts'
import { createOwnerRecorder, type OwnerRecorderDeps } from './owner-recorder.ts'

/** Every kind of workload that owns claims' Pods, each followed from its first owner on. */
export interface OwnerFollowers {
  /** Follows until the signal aborts. Rejects as a follower does. */
  run(): Promise<void>
  /** By resource, such as `statefulsets.apps`. */
  status(): Record<string, FollowStatus>
}

/** Kinds that are not served, or not to be found for now, are looked for this often. */
const lookAgainMs = 60_000

export function followOwners(deps: FollowDeps & OwnerRecorderDeps): OwnerFollowers {
  const { book, questions, clock, signal } = deps
  const logger = deps.logger.child({ resource: 'owners' })
  const followers = new Map<string, Follower>()
  const told = new Set<string>()

  /** The resources of the kinds in the book. */
  async function resources(): Promise<Map<string, Resource>> {
    const kinds = new Map(book.all().map(({ ref }) => [`${ref.apiVersion} ${ref.kind}`, ref]))
    const found = new Map<string, Resource>()
    for (const [key, ref] of kinds) {
      const resource = await questions.resourceOf(ref)
      if (typeof resource !== 'string') found.set(`${resource.plural}.${resource.group}`, resource)
      else if (!told.has(key)) {
        told.add(key)
        logger.warn(
          { apiVersion: ref.apiVersion, kind: ref.kind },
          'this kind owns claims and the API server does not serve it: their EIPs are not given back when it ends',
        )
      }
    }
    return found
  }

  return {
    async run() {
      await insist('load what the log believes of owners', () => book.load(), { ...deps, logger })
      const failed = Promise.withResolvers<void>()
      // It is waited for below, at times.
      failed.promise.catch(() => {})
      const running: Promise<void>[] = []
      while (!signal.aborted) {
        const grows = book.grows()
        for (const [name, resource] of await resources()) {
          if (followers.has(name)) continue
          const follower = followResource(createOwnerRecorder(resource, deps), deps)
          followers.set(name, follower)
          running.push(follower.run().catch(failed.reject))
        }
        const turn = new AbortController()
        const timer = clock.sleep(lookAgainMs, AbortSignal.any([signal, turn.signal]))
        await Promise.race([grows, timer, failed.promise])
        turn.abort()
      }
      await Promise.race([Promise.all(running), failed.promise])
    },
    status: () => Object.fromEntries([...followers].map(([name, follower]) => [name, follower.status()])),
  }
}
