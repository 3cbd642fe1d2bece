import { setServicesStage } from './services-stage.ts'

export interface Rollout {
  pods: number
  /** How they come. */
  come: Pace
  /** How they end. */
  end: Pace
  workers: number
  /** Whether they ask for the same; else no two do. */
  alike: boolean
  /** How long each call takes, there and back, in ms. */
  latencyMs: number
}

/** So many Pods together, and the next as many so long after. */
export interface Pace {
  atOnce: number
  everyMs: number
}

export interface Lived {
  /** What the cloud counted, by action. */
  calls: Record<string, number>
  callsPerPod: number
  /** From when a Pod asks until the log says that its EIP is bound, in seconds of virtual time. */
  boundAfter: { least: number; median: number; most: number }
}

/** The last Pod that is bound lives for so long, in ms. */
const lifeMs = 60_000

/** Lets so many Pods come, be bound, end, and their EIPs be released. */
export async function liveThrough(rollout: Rollout): Promise<Lived> {
  const { pods: count, come, end, workers, alike, latencyMs } = rollout
  const stage = setServicesStage({ places: count, workers, latencyMs })
  const { clock, cloud, world, claims } = stage
  const stop = stage.start()

  const pause = async (i: number, { atOnce, everyMs }: Pace) => {
    if ((i + 1) % atOnce === 0) await clock.runUntil(clock.now() + everyMs)
  }
  await clock.runUntil(clock.now() + 10_000)
  const asked = new Map<string, number>()
  for (let i = 0; i < count; i++) {
    asked.set(`default/pod-${i}`, clock.now())
    stage.create(`pod-${i}`, i, alike ? undefined : `{"Bandwidth":"10","AddressName":"pod-${i}"}`)
    await pause(i, come)
  }
  await stage.until(() => claims().filter((claim) => claim.phase === 'Bound').length === count)
  const waits = claims()
    .map((claim) => (Date.parse(claim.binding!.boundAt) - asked.get(claim.key)!) / 1_000)
    .sort((a, b) => a - b)
  await clock.runUntil(clock.now() + lifeMs)
  for (let i = 0; i < count; i++) {
    stage.delete(`pod-${i}`)
    await pause(i, end)
  }
  await stage.until(
    () => world.addresses().length === 0 && claims().every((claim) => claim.phase === 'Released'),
  )
  await stop()
  const calls = cloud.requests()
  const all = Object.values(calls).reduce((sum, n) => sum + n, 0)
  return {
    calls,
    callsPerPod: all / count,
    boundAfter: { least: waits[0]!, median: waits[Math.floor(count / 2)]!, most: waits.at(-1)! },
  }
}
