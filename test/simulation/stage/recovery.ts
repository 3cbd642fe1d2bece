import { joinedCloud, rateLimitedCloud } from '@pod-eip/cloud'
import { type RecoveringLog, recoverLog } from '@pod-eip/eipctl'
import type { ControlPlane } from './control-plane.ts'
import { clusterId, type Stage } from './stage.ts'

/** So long everything stays stopped before anybody looks: calls that were under way end, and the cloud shows it, in ms. */
const settledMs = 120_000
/** Between two tries, in ms. */
const againMs = 10_000

export interface Recovering {
  stage: Stage
  plane: ControlPlane
  tell: (what: string) => void
  /** He forgets for so long that the log is an older one, in ms; 0: he does not. */
  forgetsForMs: number
}

/**
 * What an operator does once the database went back, by docs/recovering.md: with all services stopped he runs
 * `eipctl recover` until it is done, looks at what it leaves to him, and starts the services. He may start them before
 * and find that they do nothing.
 */
export async function recover({ stage, plane, tell, forgetsForMs }: Recovering): Promise<void> {
  const { clock } = stage
  plane.undertakings.add('recovery')
  if (forgetsForMs > 0) {
    await clock.sleep(1_000)
    plane.start()
    tell('the services are started on the older log')
    await clock.sleep(forgetsForMs)
    plane.stop()
    tell('somebody reads what they say, and stops them all')
  }
  await clock.sleep(settledMs)
  for (;;) {
    const ending = await runRecover(stage, plane)
    if (ending.kind === 'done') {
      const { claims, strays, left } = ending.value.plan
      tell(`eipctl recover: ${claims.length} claims otherwise, ${strays.length} strays, ${left.length} left`)
      if (left.length === 0) break
      for (const { addressId } of left) tell(unbindByHand(stage, addressId))
      await clock.sleep(settledMs)
    } else {
      tell(`eipctl recover ${ending.kind === 'killed' ? 'is killed' : `fails: ${ending.error}`}`)
      await clock.sleep(againMs)
    }
  }
  plane.restores.at(-1)!.recoveredAt = clock.now()
  for (const claim of plane.models.world.claims.keys()) stage.hinderedAt.set(claim, clock.now())
  plane.undertakings.delete('recovery')
  plane.start()
  tell('the services are started')
}

function runRecover(stage: Stage, plane: ControlPlane) {
  return plane.command('recover', (process, { stores, ids }) => {
    const { log, models, store, limiter, mark } = stores
    const ports = process.port('log', log)
    const deps: RecoveringLog = {
      ...{ clusterId, annotationDomain: 'tke.cloud.tencent.com', by: 'operator', yes: true },
      cluster: process.port('cluster', stage.cluster),
      cloud: joinedCloud(process.port('cloud', rateLimitedCloud(stage.eipCloud, limiter)), process),
      log: Object.create(ports, { checkpoints: { value: process.port('checkpoints', log.checkpoints) } }),
      readModels: process.port('models', models),
      mark: process.port('mark', mark),
      store: process.port('projection', store),
      ...{ clock: process.clock, ids },
    }
    return recoverLog(deps)
  })
}

/** Nobody needs an EIP that is bound where no Pod of ours is known. */
function unbindByHand(stage: Stage, addressId: string): string {
  try {
    stage.callAsSomebody('DisassociateAddress', { AddressId: addressId })
    return `somebody unbinds ${addressId}, which recover has left`
  } catch (error) {
    return `${addressId}, which recover has left, cannot be unbound: ${(error as Error).message}`
  }
}
