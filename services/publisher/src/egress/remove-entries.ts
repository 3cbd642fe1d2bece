import type { Cluster } from '@pod-eip/kube'
import type { Clock, Logger } from '@pod-eip/runtime'
import { readMarker } from './marker.ts'
import { placeName } from './seen-config.ts'
import { problemOf } from './words.ts'
import { type ConfigTarget, readConfig, writeConfig } from './write-config.ts'

export interface RemovalDeps {
  cluster: Pick<Cluster, 'list' | 'mergePatch'>
  clock: Clock
  logger: Logger
}

/** Between two attempts, and until the last look: an older publisher may still keep the list meanwhile, ms. */
const againMs = 300_000
/** Attempts in a row when somebody else writes at the same time. */
const attempts = 5

/**
 * Takes everything of ours out of the ConfigMap, the annotation included, and leaves the rest to the byte. Resolves
 * once two looks in a row have found nothing of ours, or the signal aborts.
 */
export async function removeEntries(
  target: ConfigTarget,
  deps: RemovalDeps,
  signal: AbortSignal,
): Promise<void> {
  const { clock, logger } = deps
  const place = placeName(target)
  let told = ''
  for (let clean = 0; clean < 2 && !signal.aborted; ) {
    try {
      if (await removeOnce(target, deps)) {
        logger.info({ place }, 'egress is not kept any more: the entries of pod-eip were taken out')
        clean = 0
      } else clean += 1
    } catch (error) {
      clean = 0
      const why = problemOf(target, error)
      const sentence = `Entries of pod-eip may still stand in ConfigMap ${place}, since --enable-egress was on. ${why ?? 'It could not be asked; that is tried again.'}`
      if (sentence !== told) logger.warn({ err: error, place }, sentence)
      told = sentence
    }
    if (clean < 2) await clock.sleep(againMs, signal)
  }
}

/** Whether there was something of ours. */
async function removeOnce(target: ConfigTarget, { cluster }: RemovalDeps): Promise<boolean> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const [seen] = (await readConfig(cluster, target)).items
    if (seen?.annotation === undefined) return false
    const marker = readMarker(seen.annotation)
    const { planList } = await import('./plan-list.ts')
    const text = seen.text?.trim() ? planList({ text: seen.text, marker }, []).text : seen.text
    if (await writeConfig(cluster, target, seen, { text: text ?? '', marker: null })) return true
  }
  throw new Error(`ConfigMap ${placeName(target)} changes all the time`)
}
