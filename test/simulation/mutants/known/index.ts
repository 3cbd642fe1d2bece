import type { Mutant } from '../mutant.ts'
import { cloudMutants } from './cloud.ts'
import { clusterMutants } from './cluster.ts'
import { logMutants } from './log.ts'
import { recoveryMutants } from './recovery.ts'
import { ruleMutants } from './rules.ts'
import { teardownMutants } from './teardown.ts'
import { unseenMutants } from './unseen.ts'

/** Known mistakes that the simulation finds, each seeded on its own. */
export const seenMutants: readonly Mutant[] = [
  ...ruleMutants,
  ...cloudMutants,
  ...logMutants,
  ...clusterMutants,
  ...recoveryMutants,
  ...teardownMutants,
]

/** All known mistakes. */
export const mutants: readonly Mutant[] = [...seenMutants, ...unseenMutants]
