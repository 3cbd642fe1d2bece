import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startEmbeddedPostgres, startEmbeddedValkey } from '@pod-eip/devstack'
import { formatTable } from '@pod-eip/eipctl'
import { countCalls } from '../calls/count-calls.ts'
import { countOutage } from '../calls/count-outage.ts'
import { measureMemory } from '../memory/measure-memory.ts'
import { benchAppend } from './bench-append.ts'
import { benchProjection } from './bench-projection.ts'
import { benchQueue } from './bench-queue.ts'
import { benchWatcher } from './bench-watcher.ts'
import { type Measured, median } from './measure.ts'
import { benchPublisher } from './publisher/bench-publisher.ts'

/**
 * `npm run bench`: what the stores carry on this machine. Every run measures everything, one after the other,
 * so that what else the machine does weighs on all figures of a run alike; the medians of the runs are shown.
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    events: { type: 'string', default: '2000' },
    calls: { type: 'boolean', default: false },
    outage: { type: 'boolean', default: false },
    watch: { type: 'boolean', default: false },
    publisher: { type: 'boolean', default: false },
    claims: { type: 'string', default: '10000' },
    qps: { type: 'string', default: '200' },
    memory: { type: 'boolean', default: false },
    pods: { type: 'string', default: '2000' },
  },
})
const runs = Number(values.runs)
const events = Number(values.events)
const pods = Number(values.pods)
const storm = { claims: Number(values.claims), qps: Number(values.qps) }
if (![runs, events, pods, storm.claims, storm.qps].every((n) => Number.isInteger(n) && n > 0)) {
  process.stderr.write(
    'bench: give --runs N and --events N, with --publisher --claims N and --qps N, with --memory --pods N, whole numbers from 1\n',
  )
  process.exit(2)
}

if (values.calls) {
  process.stdout.write(`${await countCalls()}\n`)
  process.exit(0)
}

if (values.outage) {
  process.stdout.write(`${await countOutage()}\n`)
  process.exit(0)
}

if (values.memory) {
  const say = (line: string) => void process.stdout.write(`${line}\n`)
  process.stdout.write(`\n${await measureMemory(pods, say)}\n`)
  process.exit(0)
}

const dataDir = await mkdtemp(join(tmpdir(), 'pod-eip-bench-'))
const given = { database: process.env.DATABASE_URL, redis: process.env.REDIS_URL }
const postgres = given.database ? null : await startEmbeddedPostgres({ dataDir, throwAway: true })
const valkey = given.redis ? null : await startEmbeddedValkey()
const stores = { databaseUrl: given.database ?? postgres!.url, redisUrl: given.redis ?? valkey!.url }
try {
  if (values.publisher) process.stdout.write(`${await benchPublisher(stores, storm)}\n`)
  else if (values.watch) process.stdout.write(`\n${await benchWatcher(stores, runs)}\n`)
  else await benchStores()
} finally {
  await Promise.all([postgres?.stop(), valkey?.stop()])
  await rm(dataDir, { recursive: true, force: true })
}

async function benchStores(): Promise<void> {
  const { databaseUrl, redisUrl } = stores
  process.stdout.write(`event log: ${postgres?.description ?? 'Postgres of DATABASE_URL'}\n`)
  process.stdout.write(`queue:     ${valkey?.description ?? 'Redis of REDIS_URL'}\n`)
  const measured: Measured[][] = []
  for (let run = 1; run <= runs; run++) {
    process.stdout.write(`run ${run} of ${runs}\n`)
    measured.push([
      ...(await benchAppend(databaseUrl, events)),
      ...(await benchProjection(databaseUrl, events)),
      ...(await benchQueue(redisUrl, events)),
    ])
  }
  const rows = measured[0]!.map(({ what, unit }, i) => {
    const figures = measured.map((run) => run[i]!.figure).sort((a, b) => a - b)
    return [what, unit, show(figures[0]!), show(median(figures)), show(figures.at(-1)!)]
  })
  process.stdout.write(`\n${formatTable(['WHAT', 'UNIT', 'LEAST', 'MEDIAN', 'MOST'], rows)}\n`)
}

function show(figure: number): string {
  return figure < 100 ? figure.toFixed(1) : String(Math.round(figure))
}
