import { anothersPlace } from './anothers-place.ts'
import { cascade } from './cascade.ts'
import { foreignUntouched } from './foreign-untouched.ts'
import { heldBack } from './held-back.ts'
import type { Invariant } from './invariant.ts'
import { kept } from './kept.ts'
import { listedEips } from './listed.ts'
import { noDouble } from './no-double.ts'
import { noFlood } from './no-flood.ts'
import { noLeak } from './no-leak.ts'
import { nodeQuota } from './node-quota.ts'
import { notUnderLivePod } from './not-under-live-pod.ts'
import { notWhileAlive } from './not-while-alive.ts'
import { proof } from './proof.ts'
import { replay } from './replay.ts'
import { restored } from './restored.ts'
import { rightPod } from './right-pod.ts'
import { served } from './served.ts'
import { told } from './told.ts'
import { tornDown } from './torn-down.ts'
import { trueOutcomes } from './true-outcomes.ts'
import { whyItWaits } from './why-it-waits.ts'

/** The rules of the design, each checked from outside. */
export const invariants: readonly Invariant[] = [
  noLeak,
  noDouble,
  trueOutcomes,
  kept,
  cascade,
  foreignUntouched,
  anothersPlace,
  listedEips,
  nodeQuota,
  notUnderLivePod,
  notWhileAlive,
  rightPod,
  proof,
  replay,
  heldBack,
  restored,
  tornDown,
  served,
  told,
  noFlood,
  whyItWaits,
]
