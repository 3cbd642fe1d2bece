import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '@pod-eip/devstack'
import { until } from '../contract/until.ts'
import { assembleImage } from '../processes/assemble-image.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** The watcher as it is run in a cluster: out of the image, a process of its own. */
export interface WatcherProcess {
  /** The most memory that the process has had resident, MiB, as the kernel counts it. */
  peakMiB(): Promise<number>
  /** Resources of which it has read a complete list. */
  listed(): Promise<string[]>
  /** SIGTERM; resolves when it has ended. */
  stop(): Promise<void>
}

/** Starts it; resolves once it says that it is ready. Linux only: there the kernel keeps the peak. */
export async function startWatcherProcess(about: {
  databaseUrl: string
  databaseSchema: string
  redisUrl: string
  kubeconfig: string
}): Promise<WatcherProcess> {
  const directory = await mkdtemp(join(tmpdir(), 'pod-eip-watcher-'))
  const log = join(directory, 'watcher.log')
  const port = await freePort()
  const preload = join(root, 'scripts/end-with-parent.mjs')
  const image = join(directory, 'image')
  await assembleImage(image)
  const main = join(image, 'services/watcher/src/main.js')
  const child = spawn(process.execPath, ['--import', preload, main], {
    env: {
      PATH: process.env.PATH ?? '',
      DATABASE_URL: about.databaseUrl,
      POD_EIP_DATABASE_SCHEMA: about.databaseSchema,
      REDIS_URL: about.redisUrl,
      // The mark of the log in Redis is kept by cluster, and each log here is a new one.
      POD_EIP_CLUSTER_ID: `cls-${about.databaseSchema.replaceAll('_', '-')}`,
      POD_EIP_CLUSTER: 'kubernetes',
      KUBECONFIG: about.kubeconfig,
      POD_EIP_LOG_FILE: log,
      POD_EIP_HEALTH_PORT: String(port),
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const ended = once(child, 'exit')
  const ready = () =>
    fetch(`http://127.0.0.1:${port}/readyz`).then(
      (answer) => answer.ok,
      () => false,
    )
  await until('the watcher is ready', ready, 120_000)

  return {
    async peakMiB() {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8')
      return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)![1]) / 1024
    },
    async listed() {
      const lines = (await readFile(log, 'utf8')).split('\n').filter((line) => line !== '')
      return lines
        .map((line) => JSON.parse(line))
        .filter(({ msg }) => msg === 'compared a complete list')
        .map(({ resource }) => resource)
    },
    async stop() {
      child.kill('SIGTERM')
      await ended
      await rm(directory, { recursive: true })
    },
  }
}
