import { callOff, tearDown } from '../stage/teardown.ts'
import type { Fault } from './fault.ts'

/**
 * Somebody tears the cluster down while its Pods live, and is cut off and begins again. In some stories he takes the
 * order back; in the others that is the end of the cluster, with its services or without.
 */
export const teardown: Fault = {
  name: 'teardown',
  inStory({ stage, plane, rate, count, tell, stormy }) {
    let under: { forGood: boolean; over: AbortController; worked: Promise<void> } | null = null

    async function work(forGood: boolean, signal: AbortSignal): Promise<void> {
      await tearDown({ stage, plane: plane(), tell }, signal)
      // What comes late, or what others have let go of, is there to be seen once more.
      while (forGood && stormy()) await stage.clock.sleep(10_000)
      if (!forGood) return
      await tearDown({ stage, plane: plane(), tell }, signal)
      plane().undertakings.delete('teardown')
    }

    async function cancel(worked: Promise<void>): Promise<void> {
      await worked
      await callOff({ stage, plane: plane(), tell })
      for (const claim of plane().models.world.claims.keys()) stage.hinderedAt.set(claim, stage.clock.now())
      plane().undertakings.delete('teardown')
      under = null
    }

    function begin(forGood: boolean, withServices: boolean): void {
      const over = new AbortController()
      plane().undertakings.add('teardown')
      if (!withServices) plane().stop()
      const worked = work(forGood, over.signal)
      worked.catch((error) => plane().failures.push(error))
      under = { forGood, over, worked }
    }

    function end(): string | null {
      if (!under || under.forGood || under.over.signal.aborted) return null
      under.over.abort()
      cancel(under.worked).catch((error) => plane().failures.push(error))
      return 'somebody takes the order to tear the cluster down back'
    }

    return {
      strike: {
        probability: rate('teardown', 0.12),
        happen(random) {
          if (plane().wentBack()) return null
          if (under) return end()
          const forGood = random.next() < 0.4
          const withServices = !forGood || random.next() < 0.6
          begin(forGood, withServices)
          const what = forGood ? 'for good' : 'and taken back'
          count(`cluster torn down ${what}, ${withServices ? 'beside its services' : 'without services'}`)
          return `eipctl teardown --yes${forGood ? '' : ', which is to be taken back'}${withServices ? '' : '; all services are stopped for good'}`
        },
      },
      calm: () => void end(),
    }
  },
}
