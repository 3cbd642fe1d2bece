import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '@pod-eip/devstack'
import { until } from '../../contract/until.ts'
import type { Way } from './installed-manifests.ts'
import type { TestTime } from './time.ts'

/** The repository. */
export const root = fileURLToPath(new URL('../../../', import.meta.url))

/** What every process of ours is started with: what Node has compiled once it need not compile again. */
export const ofEveryProcess: Record<string, string> = {
  PATH: process.env.PATH ?? '',
  ...(process.env.NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE }),
}

export const serviceNames = ['projector', 'watcher', 'worker', 'publisher', 'api'] as const
/** One of the five, or the program that is all of them. */
export type ServiceName = (typeof serviceNames)[number] | 'all-in-one'

/** The programs that are started for a way to run the services. */
export function namesOf(way: Way): readonly ServiceName[] {
  return way === 'all-in-one' ? ['all-in-one'] : serviceNames
}

/** As long as a start may take on a machine that is busy with other tests, in ms. */
const startMs = 90_000

/** The services as processes of their own, which end with this one. */
export interface ServiceProcesses {
  /** Starts one more process of each; resolves once they all say that they are ready. */
  start(...names: ServiceName[]): Promise<void>
  /** Starts one more of it, which cannot work; resolves with what it says keeps it from that. */
  startInVain(name: ServiceName): Promise<string>
  /** @throws Error when a process of it is ready, or does not say why it is not. */
  standsStill(name: ServiceName): Promise<void>
  /** SIGKILL to every process of these services; resolves when the kernel has taken them away. */
  kill(...names: ServiceName[]): Promise<void>
  /** SIGSTOP to every process of it: it hears of everything late. Returns how they go on. */
  pause(name: ServiceName): () => void
  /** SIGTERM to everything; resolves with the exit codes that were not 0. */
  stop(): Promise<string[]>
  /** @throws Error with its last words when a process ended by itself */
  assertAlive(): void
}

interface Running {
  name: ServiceName
  port: number
  child: ChildProcess
  errors: string
  /** We asked for its end. */
  ending: boolean
}

/**
 * @param env of all of them
 * @param kubeconfigOf path of the kubeconfig of each
 * @param logs folder for what the services say
 * @param way with `all-in-one` whoever is started or killed is the one process of all five
 * @param time what the processes go by, when it is not the machine's
 */
export function createServiceProcesses(
  env: Record<string, string>,
  kubeconfigOf: (service: ServiceName) => string,
  logs: string,
  way: Way,
  time?: TestTime,
): ServiceProcesses {
  const running = new Set<Running>()
  const died: string[] = []
  const preload = ['scripts/end-with-parent.mjs', ...(time ? [time.preload] : [])]
  const flags = preload.flatMap((module) => ['--import', join(root, module)])
  let count = 0

  /** @param isUp whether what it answers of itself is what is waited for */
  async function startOne(
    name: ServiceName,
    isUp: (answer: Response) => boolean | Promise<boolean> = (answer) => answer.ok,
  ): Promise<Response> {
    count += 1
    const port = await freePort()
    const label = `${name}-${count}`
    const errors = join(logs, `${label}.err`)
    const stderr = openSync(errors, 'w')
    const child = spawn(process.execPath, [...flags, join(root, 'services', name, 'src', 'main.ts')], {
      env: {
        ...env,
        KUBECONFIG: kubeconfigOf(name),
        POD_EIP_LOG_FILE: join(logs, `${label}.log`),
        POD_EIP_HEALTH_PORT: String(port),
        ...time?.env(),
      },
      // The channel is what ends the process when this one is killed.
      stdio: ['ignore', 'ignore', stderr, 'ipc'],
    })
    closeSync(stderr)
    time?.govern(child)
    const process_: Running = { name, port, child, errors, ending: false }
    running.add(process_)
    child.once('exit', (code, signal) => {
      running.delete(process_)
      if (process_.ending && (code === 0 || signal === 'SIGKILL')) return
      died.push(`${label} ended with ${signal ?? code}: ${readFileSync(errors, 'utf8').trim()}`)
    })
    const ask = () => fetch(`http://127.0.0.1:${port}/readyz`)
    await until(
      `${label} is ready`,
      () => {
        assertAlive()
        return ask().then(isUp, () => false)
      },
      startMs,
    )
    return ask()
  }

  function assertAlive(): void {
    if (died.length > 0) throw new Error(died.join('\n'))
  }

  async function end(which: Running[], signal: NodeJS.Signals): Promise<void> {
    await Promise.all(
      which.map((one) => {
        const gone = new Promise((resolve) => one.child.once('exit', resolve))
        one.ending = true
        one.child.kill(signal)
        return gone
      }),
    )
  }

  const programsOf = (names: ServiceName[]): ServiceName[] => (way === 'all-in-one' ? ['all-in-one'] : names)

  return {
    start: async (...names) => void (await Promise.all(programsOf(names).map((name) => startOne(name)))),
    async startInVain(name) {
      const problemOf = async (answer: Response) => String(JSON.parse(await answer.text()).problem ?? '')
      return problemOf(await startOne(name, async (answer) => !answer.ok && (await problemOf(answer)) !== ''))
    },
    async standsStill(name) {
      const those = [...running].filter((one) => programsOf([name]).includes(one.name))
      if (those.length === 0) throw new Error(`no ${name} runs`)
      for (const { port } of those) {
        const answer = await fetch(`http://127.0.0.1:${port}/readyz`)
        const problem = String(JSON.parse(await answer.text()).problem ?? '')
        if (answer.ok || problem === '') throw new Error(`${name} works`)
      }
    },
    kill: (...names) =>
      end(
        [...running].filter(({ name }) => programsOf(names).includes(name)),
        'SIGKILL',
      ),
    pause(name) {
      const those = [...running].filter((one) => programsOf([name]).includes(one.name))
      for (const { child } of those) child.kill('SIGSTOP')
      return () => those.forEach(({ child }) => void child.kill('SIGCONT'))
    },
    async stop() {
      await end([...running], 'SIGTERM')
      return died
    },
    assertAlive,
  }
}
