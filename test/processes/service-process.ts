import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { freePort } from '@pod-eip/devstack'
import { until } from '../contract/until.ts'
import { root } from '../e2e/harness/services.ts'

/** As long as a start may take on a busy machine, in ms. */
const startMs = 240_000

/** What to run: `WRAPPER node ARGS` in a folder. */
export interface ServiceProgram {
  folder: string
  /** Flags of Node, the program, and its own flags. */
  args: readonly string[]
  env: Record<string, string>
  /** A command that becomes the one that follows it; default: none. */
  wrapper?: readonly string[]
  /** Run as this user; only root can ask for it. */
  user?: { uid: number; gid: number } | undefined
}

/** A service as a process, which ends with this one. */
export interface ServiceProcess {
  pid: number
  /** Everything that it printed. */
  words(): string
  /** Resolves once `/readyz` says so. @throws Error with its words when it has ended */
  ready(): Promise<void>
  /** @throws Error with its words when it has ended */
  assertAlive(): void
  /** Resolves with its exit code once it has ended. */
  ended: Promise<number | null>
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>
}

export async function startServiceProcess(program: ServiceProgram): Promise<ServiceProcess> {
  const { folder, args, env, wrapper = [], user } = program
  const port = await freePort()
  const preload = ['--import', join(root, 'scripts/end-with-parent.mjs')]
  const [command, ...rest] = [...wrapper, process.execPath, ...preload, ...args]
  const child = spawn(command!, rest, {
    cwd: folder,
    env: { ...env, POD_EIP_HEALTH_PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    ...user,
  })
  let printed = ''
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.on('data', (chunk: Buffer) => {
      printed += chunk
    })
  }
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)))
  const assertAlive = () => {
    if (child.exitCode === null && child.signalCode === null) return
    throw new Error(
      `${args.join(' ')} ended with ${child.signalCode ?? child.exitCode}: ${printed.slice(-2_000)}`,
    )
  }
  return {
    pid: child.pid!,
    words: () => printed,
    ready: () =>
      until(
        `${args.join(' ')} is ready`,
        () => {
          assertAlive()
          return fetch(`http://127.0.0.1:${port}/readyz`).then(
            (answer) => answer.ok,
            () => false,
          )
        },
        startMs,
      ),
    assertAlive,
    ended,
    stop() {
      child.kill('SIGTERM')
      return ended
    },
  }
}
