import { formatTable } from '@pod-eip/eipctl'
import { type Lived, liveThrough, type Pace, type Rollout } from './live-through.ts'

export const perSecond = (pods: number): Pace => ({ atOnce: 1, everyMs: 1_000 / pods })
export const inWaves = (pods: number, everySeconds: number): Pace => ({
  atOnce: pods,
  everyMs: everySeconds * 1_000,
})
export const atOnce: Pace = inWaves(1_000, 0)

export const rollout: Rollout = {
  pods: 1_000,
  come: perSecond(50),
  end: perSecond(50),
  workers: 1,
  alike: true,
  latencyMs: 100,
}

/** `npm run bench -- --calls`: what the whole life of a Pod costs in calls of the cloud, as the cloud counts them. */
export async function countCalls(): Promise<string> {
  const like = (pace: Pace): Rollout => ({ ...rollout, come: pace, end: pace })
  const rollouts: [string, Rollout][] = [
    ['1,000 Pods, 50 a second', rollout],
    ['the same, two workers', { ...rollout, workers: 2 }],
    ['the same, three workers', { ...rollout, workers: 3 }],
    ['all at once', like(atOnce)],
    ['100 every 30 s', like(inWaves(100, 30))],
    ['3 a second', like(perSecond(3))],
    ['no two Pods alike', { ...rollout, alike: false }],
    ['one Pod alone', { ...rollout, pods: 1 }],
  ]
  const lived: [string, Rollout, Lived][] = []
  for (const [what, how] of rollouts) lived.push([what, how, await liveThrough(how)])

  const actions = [...new Set(lived.flatMap(([, , { calls }]) => Object.keys(calls)))].sort()
  const headers = ['', ...lived.map(([what]) => what)]
  const row = (what: string, figure: (lived: Lived, pods: number) => string) => [
    what,
    ...lived.map(([, { pods }, one]) => figure(one, pods)),
  ]
  const rows = [
    ...actions.map((action) => row(action, ({ calls }) => String(calls[action] ?? 0))),
    row('calls for each Pod', ({ callsPerPod }) => callsPerPod.toFixed(2)),
    row('bound after, median', ({ boundAfter }) => `${boundAfter.median.toFixed(1)} s`),
    row('bound after, most', ({ boundAfter }) => `${boundAfter.most.toFixed(1)} s`),
  ]
  return formatTable(headers, rows)
}
