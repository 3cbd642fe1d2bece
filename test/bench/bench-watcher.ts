import { uniquePrefix } from '@pod-eip/devstack'
import { formatTable } from '@pod-eip/eipctl'
import { startApiServer } from '../scale/api-servers.ts'
import { watchManyPods } from '../scale/watch-many-pods.ts'
import { median } from './measure.ts'

/** As large as the clusters that pod-eip is made for; in most of them few Pods ask. */
const crowds = [
  { pods: 10_000, asking: 10_000 },
  { pods: 10_000, asking: 1_000 },
]

/**
 * `npm run bench -- --watch`: how much memory a watcher process needs at most, from its start until it has recorded
 * all there is, and what it lists for that.
 */
export async function benchWatcher(
  { databaseUrl: url, redisUrl }: { databaseUrl: string; redisUrl: string },
  runs: number,
): Promise<string> {
  const rows = new Map<string, { what: string[]; peaks: number[]; listed: Set<string> }>()
  for (let run = 1; run <= runs; run++) {
    for (const crowd of crowds) {
      const api = await startApiServer()
      process.stdout.write(
        `run ${run} of ${runs}: ${crowd.pods} Pods, ${crowd.asking} ask, ${api.description}\n`,
      )
      const schema = `bench_${uniquePrefix().replaceAll(/[^a-z0-9]/g, '')}`
      const watched = await watchManyPods(api, { url, schema, redisUrl }, crowd).finally(() => api.stop())
      const starts = Object.entries({
        'with an empty log': watched.first,
        'from its position': watched.fromPosition,
        'history lost': watched.historyLost,
      })
      for (const [start, { peakMiB, listed }] of starts) {
        process.stdout.write(`  ${start}: ${peakMiB.toFixed(0)} MiB\n`)
        const what = [String(crowd.pods), String(crowd.asking), start]
        const row = rows.get(what.join()) ?? { what, peaks: [], listed: new Set() }
        row.peaks.push(peakMiB)
        row.listed.add(
          listed.length === 0
            ? 'nothing'
            : listed
                .map((name) => name.split('.')[0])
                .sort()
                .join(', '),
        )
        rows.set(what.join(), row)
      }
    }
  }
  const shown = [...rows.values()].map(({ what, peaks, listed }) => {
    const sorted = peaks.sort((a, b) => a - b)
    const figures = [sorted[0]!, median(sorted), sorted.at(-1)!].map((mib) => mib.toFixed(0))
    return [...what, ...figures, [...listed].join(' or ')]
  })
  return formatTable(['PODS', 'ASK', 'START', 'LEAST MiB', 'MEDIAN MiB', 'MOST MiB', 'LISTED'], shown)
}
