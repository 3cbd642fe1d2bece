import type { Checkpoints, JsonObject } from '@pod-eip/event-log'
import * as z from 'zod'
import { untilItWorks } from '../retry.ts'
import { createEgressEvents } from './egress-events.ts'
import { createEgressKeeper, type EgressDeps, type EgressHealth } from './keep-egress.ts'
import { removeEntries } from './remove-entries.ts'
import type { ConfigTarget } from './write-config.ts'

/** Remembers where entries of ours may stand, so that they are taken out when they are not kept any more. */
export const egressCheckpoint = 'publisher-egress'

export interface Egress {
  /** What the log says of a claim has changed, and the read models show it. */
  changed(claim: string): void
  /** Keeps entries where they belong and takes them out of everywhere else, until the signal aborts. */
  run(signal: AbortSignal): Promise<void>
  /** `null` while egress is not kept. */
  health(): EgressHealth | null
}

export interface EgressSettings {
  /** Where entries are kept; `null` when nowhere. */
  target: ConfigTarget | null
}

const targetSchema = z.object({
  namespace: z.string(),
  name: z.string(),
  key: z.string(),
  annotation: z.string(),
})
const stateSchema = z.object({ targets: z.array(targetSchema) })

/**
 * Egress as the settings want it. Where it was kept by an earlier start, and is not to be any more, the entries are
 * taken out; who has never kept any makes no request for this.
 */
export function createEgress(
  deps: Omit<EgressDeps, 'target' | 'events'> & { checkpoints: Checkpoints; settings: EgressSettings },
): Egress {
  const { checkpoints, cluster, clock, random, logger } = deps
  const { target } = deps.settings
  const events = target && createEgressEvents({ ...{ cluster, clock, logger }, place: target })
  const keeper = target && events && createEgressKeeper({ ...deps, target, events })
  const same = (a: ConfigTarget) => JSON.stringify(targetSchema.parse(a))
  const patiently = <T>(call: () => Promise<T>, signal: AbortSignal) =>
    untilItWorks(call, {
      ...{ signal, clock, random },
      onFailure: ({ error, ...retry }) =>
        logger.warn({ err: error, ...retry }, 'where egress was kept cannot be read or saved; tried again'),
    })

  async function known(): Promise<ConfigTarget[]> {
    const parsed = stateSchema.safeParse((await checkpoints.load(egressCheckpoint)).state)
    return parsed.success ? parsed.data.targets : []
  }

  async function save(targets: ConfigTarget[]): Promise<void> {
    const state = { targets: targets.map((one) => targetSchema.parse(one)) } satisfies JsonObject
    await checkpoints.save(egressCheckpoint, 0, state)
  }

  /** Takes entries out of where they are not to stand any more. */
  async function withdraw(former: ConfigTarget[], signal: AbortSignal): Promise<void> {
    for (const [index, one] of former.entries()) {
      await removeEntries(one, { cluster, clock, logger }, signal)
      if (signal.aborted) return
      await patiently(() => save([...former.slice(index + 1), ...(target ? [target] : [])]), signal)
    }
  }

  return {
    changed: (claim) => keeper?.changed(claim),
    async run(signal) {
      const recorded = await patiently(known, signal)
      if (recorded === undefined) return
      const former = recorded.filter((one) => !target || same(one) !== same(target))
      // Where entries may stand is recorded before the first of them does.
      if (target && former.length === recorded.length)
        await patiently(() => save([...former, target]), signal)
      await Promise.all([withdraw(former, signal), keeper?.run(signal)])
    },
    health: () => keeper?.health() ?? null,
  }
}
