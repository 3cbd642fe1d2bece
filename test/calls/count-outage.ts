import { formatTable } from '@pod-eip/eipctl'
import { type CaughtUp, liveThroughOutage, type Outage } from './live-through-outage.ts'

/** A day without pod-eip, in which a fifth of the Pods ends, a fifth is replaced and as many come. */
export const dayOut = (pods: number): Outage => ({ pods, hours: 24, gone: 0.2, replaced: 0.2, come: 0.2 })

/** `npm run bench -- --outage`: how a day's outage of everything is caught up with, in virtual time. */
export async function countOutage(): Promise<string> {
  const lived: [number, CaughtUp][] = []
  for (const pods of [500, 2_000]) lived.push([pods, await liveThroughOutage(dayOut(pods))])
  const row = (what: string, figure: (one: CaughtUp) => string | number) => [
    what,
    ...lived.map(([, one]) => String(figure(one))),
  ]
  const actions = [...new Set(lived.flatMap(([, { calls }]) => Object.keys(calls)))].sort()
  return formatTable(
    ['', ...lived.map(([pods]) => `${pods} Pods`)],
    [
      row('ended unseen', ({ missed }) => missed),
      row('replaced unseen', ({ replaced }) => replaced),
      row('seen anew', ({ found }) => found),
      row('all of it in the log after', ({ noticedAfter }) => `${noticedAfter} s`),
      row('every claim as it should be after', ({ convergedAfter }) => `${convergedAfter} s`),
      ...actions.map((action) => row(action, ({ calls }) => calls[action] ?? 0)),
      row('events', ({ events }) => events),
      row('EIPs too many, too few or at another Pod', ({ wrong }) => wrong.length),
    ],
  )
}
