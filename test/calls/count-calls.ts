import { formatTable } from '@pod-eip/eipctl'
import { type Lived, liveThrough, type Rollout } from './live-through.ts'

/** `npm run bench -- --calls`: what the whole life of a Pod costs in calls of the cloud, as the cloud counts them. */
export async function countCalls(): Promise<string> {
  const rollout: Rollout = { pods: 1_000, perSecond: 50, workers: 1, alike: true }
  const rollouts: [string, Rollout][] = [
    ['1,000 Pods, 50 a second', rollout],
    ['the same, two workers', { ...rollout, workers: 2 }],
    ['the same, no two Pods alike', { ...rollout, alike: false }],
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
