import { expect } from 'vitest'
import type { FaultStage } from '../fault-stage.ts'
import { violations } from './violations.ts'

/** Above what is still under way when the last service has come back, in seconds. */
const restSeconds = 150

/**
 * Waits until all is at rest: no EIP too many, none too few, none bound twice, everything told; then folds the log
 * again. @throws what does not hold
 */
export async function expectWhole(stage: FaultStage, listed: string[]): Promise<void> {
  await stage.eventually(async () => {
    const [pods, eipClaims, claims, events] = await Promise.all([
      stage.pods(),
      stage.eipClaims(),
      stage.claims(),
      stage.logged(),
    ])
    const { region } = stage.cloud
    const world = {
      pods,
      eipClaims,
      claims,
      events,
      addresses: region.addresses(),
      ledger: region.ledger(),
      listed,
    }
    expect(violations(world)).toEqual([])
    const replay = await stage.eipctl('replay')
    expect(replay).toMatchObject({ stdout: expect.stringContaining('identical'), exitCode: 0 })
  }, restSeconds)
}
