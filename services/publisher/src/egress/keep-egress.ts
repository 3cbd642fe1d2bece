import { addressesWithoutEntry, isPublisher } from '@pod-eip/domain'
import { backOffMs, type Cluster, KubeError } from '@pod-eip/kube'
import type { ReadModels } from '@pod-eip/read-models'
import type { Clock, Logger, Random } from '@pod-eip/runtime'
import { createObjectCache } from '../object-cache.ts'
import type { EgressEvents } from './egress-events.ts'
import { followConfig } from './follow-config.ts'
import { createHeldAddresses } from './held-addresses.ts'
import { type Marker, readMarker } from './marker.ts'
import type { MarkedConfig } from './plan-list.ts'
import { placeName, type SeenConfig } from './seen-config.ts'
import { createTakenEntries } from './taken-entries.ts'
import { createWake } from './wake.ts'
import { problemOf, problems, takenSentence } from './words.ts'
import { type ConfigTarget, isChange, readConfig, writeConfig } from './write-config.ts'

export interface EgressDeps {
  cluster: Cluster
  readModels: Pick<ReadModels, 'claim' | 'claims'>
  target: ConfigTarget
  events: EgressEvents
  clock: Clock
  random: Random
  logger: Logger
}

/** Keeps ip-masq-agent from changing the source of what Pods with an EIP send. */
export interface EgressKeeper {
  /** What the log says of a claim has changed, and the read models show it. */
  changed(claim: string): void
  /** Keeps the list until the signal aborts. Whatever fails is tried again. */
  run(signal: AbortSignal): Promise<void>
  health(): EgressHealth
}

export interface EgressHealth {
  /** Addresses that the list is to hold. */
  addresses: number
  /** What only a person can mend: one sentence, else empty. */
  problem: string
}

/** What changes within this time goes out as one write, ms. */
const gatherMs = 500
/** Between two writes, ms: the agent looks once a minute. */
const spacingMs = 5_000
/** All claims are read again this often, ms. */
const rereadMs = 300_000

/**
 * Two of them do no harm: each writes only on the state that it has seen, what one wrote the other sees, and before
 * anything is put back, or of what the other wrote taken out, all claims are read anew.
 */
export function createEgressKeeper(deps: EgressDeps): EgressKeeper {
  const { cluster, readModels, target, events, clock, random, logger } = deps
  const addresses = createHeldAddresses(readModels)
  const taken = createTakenEntries()
  const wake = createWake(clock)
  const view = createObjectCache<SeenConfig>()
  const seen = () => view.get(placeName(target))
  let believed: Marker | null = null
  let problem = ''
  /** All that decides about the list, when it was last as it should be: reading a long one takes its time. */
  let settled = ''
  /** The annotation when it was last as it should be. */
  let settledAnnotation: string | undefined
  let readAllAt = 0
  let writtenAt = Number.NEGATIVE_INFINITY
  let failures = 0

  function look(): void {
    // Who takes the annotation away has not made our entries his own.
    const marker = readMarker(seen()?.annotation)
    if (marker) believed = marker
  }

  async function tell(sentence: string): Promise<void> {
    if (sentence === problem) return
    problem = sentence
    if (sentence === '') return logger.info({ place: target }, 'egress is kept again')
    logger.warn({ place: target }, sentence)
    const uid = seen()?.uid
    if (uid !== undefined) await events.post('EgressNotKept', sentence, uid)
  }

  /** Loaded only where egress is kept: reading YAML costs memory. */
  const planning = () => import('./plan-list.ts')

  async function settle(): Promise<void> {
    const all = clock.now() - readAllAt >= rereadMs
    await addresses.refresh(all)
    if (all) readAllAt = clock.now()
    // What the watch shows meanwhile is for the next time: a write on this state is refused then.
    const config = seen()
    if (!config) return tell(problems.missing(target))
    if (config.text === undefined || config.text.trim() === '') return tell(problems.withoutText(target))
    const stateAt = (now: number) =>
      [config.resourceVersion, taken.restsUntil(now), ...addresses.at(now)].join()
    if (stateAt(clock.now()) === settled) return tellKept()
    const { planList, listIn } = await planning()
    const marker = readMarker(config.annotation) ?? believed
    const { text } = config
    const list = listIn(text)
    await noticeTaken(config, list, marker)
    const planAt = (now: number) => {
      const wanted = wantedAt(now, list)
      return { now, wanted, plan: planList({ text, marker }, wanted) }
    }
    // Reading claims has taken its time: what was to rest until a moment ago is due.
    let next = planAt(clock.now())
    // What another publisher wrote may be for Pods that were not heard of here yet.
    if (config.annotation !== settledAnnotation && takesOut(list, marker, next.plan.marker)) {
      await addresses.refresh(true)
      next = planAt(clock.now())
    }
    const { now, wanted, plan } = next
    const resting = taken.resting(now)
    const onlyMarked = plan.text === config.text && resting.has(target.annotation)
    if (isChange(config, plan) && !onlyMarked && !(await write(config, plan, wanted.length))) return
    believed = plan.marker
    taken.stand([...wanted, ...(plan.marker && !onlyMarked ? [target.annotation] : [])])
    settled = stateAt(now)
    settledAnnotation = seen()?.annotation
    await tellKept()
  }

  /** What rests is not added. What of it is there, whoever has put it back, stays. */
  function wantedAt(now: number, list: string[]): string[] {
    const resting = taken.resting(now)
    const all = [...addresses.at(now)]
    const those = all.filter((address) => resting.has(address))
    const absent = new Set(addressesWithoutEntry(those, list))
    return all.filter((address) => !absent.has(address))
  }

  /** As long as something that was taken out rests, the list is not as it should be. */
  async function tellKept(): Promise<void> {
    if (taken.resting(clock.now()).size === 0) await tell('')
  }

  /** Whether it was written; else it is looked at again. */
  async function write(config: SeenConfig, plan: MarkedConfig, count: number): Promise<boolean> {
    const written = await writeConfig(cluster, target, config, plan)
    writtenAt = clock.now()
    if (!written) {
      view.replace(await readConfig(cluster, target))
      look()
      wake.now()
      return false
    }
    view.put(written)
    look()
    const entries = plan.marker?.entries.length ?? 0
    logger.info(
      { place: target, addresses: count, entries },
      'ip-masq-agent is told whose EIP to leave alone',
    )
    return true
  }

  /**
   * What was there and is not: before it counts as taken, the claims are read anew. What another publisher has taken
   * out is his answer to the claims, which may be newer than ours, or to a clock that is ahead.
   */
  async function noticeTaken(config: SeenConfig, list: string[], marker: Marker | null): Promise<void> {
    const missing = () => {
      const unmarked = !readMarker(config.annotation) && marker?.entries.some((entry) => list.includes(entry))
      const gone = isPublisher(config.writer) ? [] : addressesWithoutEntry(addresses.at(clock.now()), list)
      return taken.newlyTaken([...gone, ...(unmarked ? [target.annotation] : [])])
    }
    if (missing().length === 0) return
    await addresses.refresh(true)
    const things = missing()
    if (things.length === 0) return
    taken.take(things, clock.now())
    const sentence = takenSentence(target, config.writer)
    logger.warn(
      { place: target, things: things.slice(0, 10), backAt: taken.restsUntil(clock.now()) },
      sentence,
    )
    await events.post('EgressEntriesTaken', sentence, config.uid)
  }

  async function work(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const now = clock.now()
      const putBack = taken.restsUntil(now) ?? Number.POSITIVE_INFINITY
      await wake.wait(Math.min(readAllAt + rereadMs, putBack, addresses.nextEnd(now)), signal)
      await clock.sleep(Math.max(gatherMs, writtenAt + spacingMs - clock.now()), signal)
      if (signal.aborted) return
      try {
        wake.heard()
        await settle()
        failures = 0
      } catch (error) {
        failures += 1
        const sentence = problemOf(target, error)
        if (sentence) await tell(sentence).catch(() => {})
        else logger.warn({ err: error, failures }, 'egress could not be kept; tried again')
        // What only a person can mend is tried again when something changes, or with the next reading of all.
        if (sentence && !(error instanceof KubeError)) continue
        await clock.sleep(backOffMs(failures, error instanceof KubeError ? error : undefined, random), signal)
        wake.now()
      }
    }
  }

  return {
    changed(claim) {
      addresses.changed(claim)
      wake.now()
    },
    async run(signal) {
      const follow = followConfig({
        ...{ cluster, target, clock, random, view, signal },
        onLook() {
          look()
          wake.now()
        },
        onRetry(error) {
          const sentence = problemOf(target, error)
          if (sentence) void tell(sentence).catch(() => {})
          else logger.warn({ err: error }, "ip-masq-agent's configuration cannot be read; tried again")
        },
      })
      await follow.looked
      await Promise.all([follow.done, work(signal)])
    },
    health: () => ({ addresses: addresses.at(clock.now()).size, problem }),
  }
}

/** Whether an entry of ours that stands in the list is not planned any more. */
function takesOut(list: readonly string[], before: Marker | null, planned: Marker | null): boolean {
  const stays = new Set(planned?.entries)
  return (before?.entries ?? []).some((entry) => !stays.has(entry) && list.includes(entry))
}
