import { createPostgresProjectionStore } from '@pod-eip/read-models'
import { systemIds } from '@pod-eip/runtime'
import { type Measured, perSecond } from './measure.ts'
import { openLog, podAsks } from './open-log.ts'

/** The sizes with which the projector works. */
const step = { maxEvents: 2_000, maxClaims: 500 }

/** A rollout: so many Pods ask at once; the projector folds them and orders an EIP for each. */
export async function benchProjection(url: string, count: number): Promise<Measured[]> {
  const { log, pool, schema, close } = await openLog(url)
  try {
    for (let from = 0; from < count; from += 500) {
      const size = Math.min(500, count - from)
      await log.append(Array.from({ length: size }, (_, i) => podAsks(from + i, `n${i % 50}`)))
    }
    const store = createPostgresProjectionStore(log, pool, schema)
    const context = {
      now: '2026-01-01T00:00:01.000Z',
      nextId: () => systemIds.next(),
      settings: { claimExpiredMs: null, cascade: false },
    }
    const projected = await perSecond('Pods folded and decided by the projector', count, async () => {
      while ((await store.advance(step, context)).more);
    })
    return [projected]
  } finally {
    await close()
  }
}
