import { joinedCloud, rateLimitedCloud } from '@pod-eip/cloud'
import { cancelOrder, isLeft, planFromLog, workWithLog } from '@pod-eip/eipctl'
import type { ControlPlane, Means } from './control-plane.ts'
import type { Process } from './process.ts'
import { clusterId, type Stage } from './stage.ts'

/** Between two tries, in ms. */
const againMs = 10_000

export interface TearingDown {
  stage: Stage
  plane: ControlPlane
  tell: (what: string) => void
}

/** Runs `eipctl teardown --yes` until nothing is left, whatever befalls it; nobody goes on once the signal aborts. */
export async function tearDown(deps: TearingDown, signal: AbortSignal): Promise<void> {
  const { stage, plane, tell } = deps
  while (!signal.aborted) {
    const ending = await plane.command('teardown', async (process, means) => {
      const common = { cluster: clusterId, by: 'operator', ...ports(process, means, stage), signal }
      await workWithLog({ ...common, say: () => {} })
      return (await planFromLog(common)).items.filter(isLeft)
    })
    if (ending.kind === 'done' && ending.value.length === 0) return tell('eipctl teardown: nothing is left')
    if (ending.kind === 'done') {
      const left = ending.value.map(({ addressId, claim }) => addressId || claim)
      tell(`eipctl teardown: ${left.join(', ')} left`)
    } else tell(`eipctl teardown ${ending.kind === 'killed' ? 'is killed' : `fails: ${ending.error}`}`)
    await stage.clock.sleep(againMs)
  }
}

/** Runs `eipctl teardown --cancel` until the order is taken back. */
export async function callOff({ stage, plane, tell }: TearingDown): Promise<void> {
  for (;;) {
    const ending = await plane.command('teardown', (process, means) =>
      cancelOrder({ cluster: clusterId, by: 'operator', ...ports(process, means, stage) }),
    )
    if (ending.kind === 'done') return tell('eipctl teardown --cancel')
    await stage.clock.sleep(againMs)
  }
}

function ports(process: Process, { stores, ids }: Means, stage: Stage) {
  const { log, models, store, runs, limiter } = stores
  return {
    log: process.port('log', log),
    readModels: process.port('models', models),
    store: process.port('projection', store),
    runs: process.port('runs', runs),
    cloud: joinedCloud(process.port('cloud', rateLimitedCloud(stage.eipCloud, limiter)), process),
    ...{ clock: process.clock, random: stage.random, ids },
  }
}
