import { defaultGuardSettings } from '@pod-eip/domain'
import { setServicesStage } from './services-stage.ts'

/** What became of a cluster during an outage of everything, and how it was caught up with. */
export interface Outage {
  pods: number
  /** How long nothing of pod-eip runs, in hours. */
  hours: number
  /** Shares of the Pods. */
  gone: number
  replaced: number
  come: number
}

export interface CaughtUp {
  /** Ends of Pods that a complete list lacked, and Pods whose name another one had. */
  missed: number
  replaced: number
  /** Pods that had come meanwhile. */
  found: number
  /** Seconds from the start of the services until the log had all of that, and until every claim was as it should be. */
  noticedAfter: number
  convergedAfter: number
  /** Calls of the cloud in that time, by action. */
  calls: Record<string, number>
  /** Events in that time. */
  events: number
  /** EIPs too many, too few, or bound elsewhere than at their Pod. */
  wrong: string[]
}

const hourMs = 3_600_000

/** Binds so many Pods, stops all services while the cluster goes on, and starts them again. */
export async function liveThroughOutage({ pods, hours, gone, replaced, come }: Outage): Promise<CaughtUp> {
  const many = (share: number) => Math.round(pods * share)
  const stage = setServicesStage({ places: pods + many(replaced) + many(come), workers: 2, latencyMs: 100 })
  const { clock, cloud, kube, world, claims, log } = stage
  const bound = () => claims().filter(({ phase }) => phase === 'Bound').length
  const stop = stage.start(defaultGuardSettings)
  await clock.runUntil(clock.now() + 10_000)
  for (let i = 0; i < pods; i++) stage.create(`pod-${i}`, i)
  await stage.until(() => bound() === pods)
  await clock.runUntil(clock.now() + 60_000)
  await stop()

  // While nobody looks, Pods end, make room for others of their name, and come.
  const every = (hours * hourMs) / (many(gone) + many(replaced) + many(come))
  let place = pods
  let name = 0
  for (let i = 0; i < many(gone); i++, name++) {
    stage.delete(`pod-${name}`)
    await clock.runUntil(clock.now() + every)
  }
  for (let i = 0; i < many(replaced); i++, name++) {
    stage.delete(`pod-${name}`)
    stage.create(`pod-${name}`, place++)
    await clock.runUntil(clock.now() + every)
  }
  for (let i = 0; i < many(come); i++) {
    stage.create(`new-${i}`, place++)
    await clock.runUntil(clock.now() + every)
  }
  await clock.runUntil(clock.now() + 10_000)
  // The API server keeps its history for minutes, not for a day.
  kube.compact()

  const [begin, head, before] = [clock.now(), log.headNow(), { ...cloud.requests() }]
  const stopAgain = stage.start(defaultGuardSettings)
  const since = () => log.readNow({ after: head, limit: 1_000_000 })
  const count = (type: string, reason?: string) =>
    since().filter((event) => event.type === type && (reason === undefined || event.data.reason === reason))
      .length
  const seen = () =>
    [count('PodEnded', 'Missed'), count('PodEnded', 'Replaced'), count('PodObserved')] as const
  await stage.until(() => {
    const [missed, over, found] = seen()
    return missed === many(gone) && over === many(replaced) && found >= many(replaced) + many(come)
  })
  const noticedAfter = (clock.now() - begin) / 1_000
  await stage.until(() => bound() === stage.pods().length && world.addresses().length === stage.pods().length)
  const convergedAfter = (clock.now() - begin) / 1_000
  const [missed, over, found] = seen()
  const calls = Object.fromEntries(
    Object.entries(cloud.requests()).map(([action, n]) => [action, n - (before[action] ?? 0)]),
  )
  const events = log.headNow() - head
  await stopAgain()
  const wrong = stage.pods().flatMap(({ metadata, status }) => {
    const claim = stage.models.world.claims.get(`default/${metadata.name}`)
    const eip = world.addresses().find(({ addressId }) => addressId === claim?.address?.id)
    return eip?.binding?.privateIpAddress === status?.podIP ? [] : [metadata.name]
  })
  return { missed, replaced: over, found, noticedAfter, convergedAfter, calls, events, wrong }
}
