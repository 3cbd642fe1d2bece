import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '@pod-eip/runtime'
import { type GuardedProcess, spawnGuarded } from '../process-guard.ts'
import type { ControlPlaneProgram } from './assets.ts'

/** One program of the control plane: how it is started, and how it shows that it is ready. */
export interface Component {
  name: ControlPlaneProgram
  binary: string
  flags: Record<string, string | number | boolean>
  env?: NodeJS.ProcessEnv
  ready: () => Promise<boolean>
}

const startTimeoutMs = 90_000
const pollMs = 50

/**
 * Starts a program under the guard and waits until it is ready. Its output goes to `<name>.log` in
 * `directory`, whose last lines are in the error when it does not start.
 */
export async function startComponent(directory: string, component: Component): Promise<GuardedProcess> {
  const log = join(directory, `${component.name}.log`)
  const output = openSync(log, 'a')
  const process = await spawnGuarded({
    command: component.binary,
    args: Object.entries(component.flags).map(([flag, value]) => `--${flag}=${value}`),
    cwd: directory,
    ...(component.env ? { env: component.env } : {}),
    stopSignal: 'TERM',
    // Without its etcd, kube-apiserver takes minutes to heed that signal.
    patienceSeconds: 5,
    output,
  }).finally(() => closeSync(output))
  const deadline = systemClock.now() + startTimeoutMs
  while (!(await component.ready().catch(() => false))) {
    if (!process.running() || systemClock.now() > deadline) {
      const end = process.running() ? `was not ready after ${startTimeoutMs / 1000} s` : 'ended at once'
      await process.stop(2_000)
      throw new Error(`${component.name} ${end}; the last lines of its log:\n${lastLines(log)}`)
    }
    await systemClock.sleep(pollMs)
  }
  return process
}

/** Asks a health endpoint; a certificate that is the program's own is not verified. */
export async function answersOk(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(2_000) })
  await response.body?.cancel()
  return response.ok
}

function lastLines(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-8).join('\n')
}
