import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '@pod-eip/devstack'
import { systemClock } from '@pod-eip/runtime'
import { until } from '../contract/until.ts'
import { root, type ServiceName } from '../e2e/harness/services.ts'
import type { TestTime } from '../e2e/harness/time.ts'

/** As long as a start may take on a machine that is busy with other tests, in ms. */
const startMs = 90_000
/** Between an end that nobody asked for and the next start, in ms; a kubelet takes longer. */
const pauseMs = 500
/** As the liveness probe of the manifests has it, only looked at more often. */
const probe = { everyMs: 5_000, failures: 12 }

/** A process of a service, started again whenever it ends. */
export interface Supervised {
  service: ServiceName
  /** SIGKILL, at once. */
  kill(): void
  /** Resolves once `/readyz` says so. */
  ready(): Promise<void>
}

/** Does what a kubelet does for the services: starts each again when it ends, or when it does not live. */
export interface Supervisor {
  /** @param env what this process finds in its environment besides what all find */
  start(service: ServiceName, env: Record<string, string>): Supervised
  /** Ends that nobody asked for, each with its last words. */
  ended: readonly string[]
  /** Processes that were ended because their health said for long that they do not live. */
  restarted: readonly string[]
  /** Starts so far. */
  starts(): number
  /** SIGTERM to all, for good. Resolves with the exit codes that are not 0. */
  stop(): Promise<string[]>
}

/** @param image folder with the services as the image has them */
export function createSupervisor(options: {
  image: string
  env: Record<string, string>
  logs: string
  time: TestTime
}): Supervisor {
  const { image, env, logs, time } = options
  const stopping = new AbortController()
  const ended: string[] = []
  const restarted: string[] = []
  const living = new Set<ChildProcess>()
  const running: Promise<void>[] = []
  const preload = ['scripts/end-with-parent.mjs', time.preload]
  const flags = preload.flatMap((module) => ['--import', join(root, module)])
  let starts = 0

  function spawnOne(service: ServiceName, own: Record<string, string>, port: number) {
    starts += 1
    const words = join(logs, `${service}-${starts}.err`)
    const errors = openSync(words, 'w')
    const child = spawn(process.execPath, [...flags, join(image, 'services', service, 'src/main.js')], {
      cwd: image,
      env: {
        ...env,
        ...own,
        POD_EIP_LOG_FILE: join(logs, `${service}-${starts}.log`),
        POD_EIP_HEALTH_PORT: String(port),
        ...time.env(),
      },
      stdio: ['ignore', 'ignore', errors, 'ipc'],
    })
    closeSync(errors)
    time.govern(child)
    living.add(child)
    const gone = new Promise<void>((resolve) =>
      child.once('exit', () => {
        living.delete(child)
        resolve()
      }),
    )
    return { child, gone, words: () => readFileSync(words, 'utf8').trim().slice(-1_000) }
  }

  function start(service: ServiceName, own: Record<string, string>): Supervised {
    let current: { child: ChildProcess; port: number } | undefined
    const struck = new Set<ChildProcess>()
    async function keepRunning(): Promise<void> {
      while (!stopping.signal.aborted) {
        const port = await freePort()
        const { child, gone, words } = spawnOne(service, own, port)
        current = { child, port }
        await Promise.race([gone, watchOver(child, port)])
        await gone
        if (stopping.signal.aborted || struck.has(child)) continue
        ended.push(`${service} ended with ${child.signalCode ?? child.exitCode}: ${words()}`)
        await systemClock.sleep(pauseMs, stopping.signal)
      }
    }
    /** Ends a process that has not lived for as long as the manifests allow. */
    async function watchOver(child: ChildProcess, port: number): Promise<void> {
      let failed = 0
      while (living.has(child) && !stopping.signal.aborted) {
        await systemClock.sleep(probe.everyMs, stopping.signal)
        failed = (await answersOk(port, 'healthz')) ? 0 : failed + 1
        if (failed < probe.failures || !living.has(child)) continue
        restarted.push(service)
        struck.add(child)
        child.kill('SIGKILL')
      }
    }
    running.push(keepRunning())
    return {
      service,
      kill() {
        if (!current) return
        struck.add(current.child)
        current.child.kill('SIGKILL')
      },
      ready: () =>
        until(
          `${service} is ready`,
          () => current !== undefined && answersOk(current.port, 'readyz'),
          startMs,
        ),
    }
  }

  return {
    start,
    ended,
    restarted,
    starts: () => starts,
    async stop() {
      stopping.abort()
      const last = [...living]
      for (const child of last) child.kill('SIGTERM')
      await Promise.all(running)
      return last
        .filter(({ exitCode }) => exitCode !== 0)
        .map((child) => `${child.spawnargs.at(-1)}: ${child.exitCode ?? child.signalCode}`)
    },
  }
}

function answersOk(port: number, path: string): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/${path}`, { signal: AbortSignal.timeout(2_000) }).then(
    (answer) => answer.ok,
    () => false,
  )
}
