import { modelVersion } from '@pod-eip/domain'
import { projectorCheckpoint } from '@pod-eip/read-models'
import { provedByCluster } from '../stage/proved.ts'
import { recover } from '../stage/recovery.ts'
import type { Backup } from '../stage/stores.ts'
import type { Fault } from './fault.ts'

/** The longest that nobody notices, in ms. */
const longestMs = 60_000

/**
 * The database goes back to an older backup, or to nothing, while cloud and cluster stay as they are. All services are
 * dead by then. The operator recovers the log, at once or when the services have told him that it is an old one; where
 * Redis was lost as well he knows it from nobody, so he does not forget it then.
 */
export const restoredBackup: Fault = {
  name: 'restored backup',
  inStory({ stage, plane, rate, count, tell }) {
    let backup: { taken: Backup; at: number; head: number } | null = null
    /** Read models that a newer build has written cannot be backed up for this one. */
    const isOurs = () => {
      const { state } = plane().log.loadCheckpointNow(projectorCheckpoint)
      return Number(state?.model ?? 0) <= modelVersion
    }
    function backUp(): string | null {
      // An order to tear the cluster down that comes back with a backup is nobody's will any more.
      if (!isOurs() || plane().tornDown()) return null
      backup = { taken: plane().backUp(), at: stage.clock.now(), head: plane().log.headNow() }
      return 'Postgres is backed up'
    }
    return {
      strike: {
        probability: rate('restored backup', 0.15),
        happen(random) {
          if (plane().wentBack() || plane().undertakings.has('teardown')) return null
          if (!backup || random.next() < 0.25) return backUp()
          const { taken, at, head } = backup
          if (plane().log.headNow() === head) return null
          backup = null
          plane().stop()
          const { lost, marked } = taken.restore(provedByCluster(stage, plane()))
          const withRedis = random.next() < 0.4
          const forgets = !withRedis && marked && random.next() < 0.6
          for (const claim of plane().models.world.claims.keys()) {
            stage.hinderedAt.set(claim, stage.clock.now())
          }
          if (withRedis) plane().emptyRedis()
          const kind = withRedis
            ? 'Redis lost as well'
            : forgets
              ? 'the services started on it'
              : 'recovered at once'
          count(`a backup restored, ${kind}`)
          const forgetsForMs = forgets ? 5_000 + random.next() * longestMs : 0
          recover({ stage, plane: plane(), tell, forgetsForMs }).catch((error) =>
            plane().failures.push(error),
          )
          const age = Math.round((stage.clock.now() - at) / 1000)
          return `all services are stopped, and Postgres is restored from the backup of ${age} s before, which lacks ${lost.length} events${withRedis ? '; Redis is lost as well' : ''}`
        },
      },
    }
  },
}
