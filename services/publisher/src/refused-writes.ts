import { type ForeignStory, refusalStory, type WrittenPart } from '@pod-eip/domain'
import type { Clock, Logger } from '@pod-eip/runtime'
import type { Involved } from './kube-events/event-object.ts'
import type { EventPoster } from './kube-events/post-events.ts'
import { refusalOf } from './refusals.ts'

/** What is written, and of what. */
export interface PartWrite {
  kind: Involved['kind']
  /** `namespace/name`, or the name of a Node. */
  key: string
  part: WrittenPart
}

/** Keeps in mind which writes somebody refuses, such as an admission policy, and tells of them. */
export interface RefusedWrites {
  /** Makes the write, and notes whether it is refused. Throws what it throws. */
  watch<T>(write: PartWrite, call: () => Promise<T>): Promise<T>
  /**
   * All that the key needs was tried. What was refused is told in Events, on each object once an hour, for as long as
   * Events are kept; what was refused before and is not any more is forgotten.
   */
  settle(key: string, involved: readonly Involved[]): Promise<void>
  /** How many parts of objects are refused, and one of the sentences, else empty. */
  status(): { refused: number; refusal: string }
}

interface RefusedPart {
  /** Who refuses which part: the same for what is logged once. */
  rule: string
  story: ForeignStory
  /** It was refused since the last settling. */
  fresh: boolean
  told: Set<string>
}

const eventsLastMs = 3_600_000

export function createRefusedWrites(deps: {
  events: Pick<EventPoster, 'tellOf'>
  clock: Pick<Clock, 'now'>
  logger: Logger
}): RefusedWrites {
  const { events, clock, logger } = deps
  /** By key of the claim or name of the Node, then by kind and part. */
  const byKey = new Map<string, Map<string, RefusedPart>>()
  const all = () => [...byKey.values()].flatMap((parts) => [...parts.values()])
  const stands = (rule: string) => all().some((one) => one.rule === rule)

  function note({ kind, key, part }: PartWrite, error: unknown): void {
    const refusal = refusalOf(error)
    if (!refusal) return
    const { by, says } = refusal
    const rule = `${by}: ${part}`
    const story = refusalStory(part, by, says)
    if (!stands(rule)) logger.error({ kind, object: key, part }, story.message)
    const parts = byKey.get(key) ?? new Map<string, RefusedPart>()
    const before = parts.get(`${kind} ${part}`)
    const told = before?.rule === rule ? before.told : new Set<string>()
    byKey.set(key, parts.set(`${kind} ${part}`, { rule, story, fresh: true, told }))
  }

  function forgetOld(key: string, parts: Map<string, RefusedPart>): void {
    for (const [part, { rule, fresh }] of parts) {
      if (fresh) continue
      parts.delete(part)
      if (!stands(rule)) logger.info({ refusal: rule }, 'what was refused is not refused any more')
    }
    if (parts.size === 0) byKey.delete(key)
  }

  return {
    async watch(write, call) {
      try {
        return await call()
      } catch (error) {
        note(write, error)
        throw error
      }
    },
    async settle(key, involved) {
      const parts = byKey.get(key)
      if (!parts) return
      forgetOld(key, parts)
      const hour = Math.floor(clock.now() / eventsLastMs)
      for (const refused of parts.values()) {
        refused.fresh = false
        for (const whom of involved) {
          const identity = `${refused.rule} ${whom.uid} ${hour}`
          if (refused.told.has(identity)) continue
          await events.tellOf(key, identity, refused.story, whom)
          refused.told.add(identity)
        }
      }
    },
    status: () => ({ refused: all().length, refusal: all()[0]?.story.message ?? '' }),
  }
}
