import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))
const boundLine = /^(\S+) +Bound +(\S+) +(\S+) /gm

let dir: string
let running: ChildProcess | undefined

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'npm-start-'))
})
afterEach(async () => {
  if (running?.exitCode === null && running.signalCode === null) {
    running.kill('SIGTERM')
    await once(running, 'exit')
  }
  rmSync(dir, { recursive: true, force: true })
})

/** Starts everything from the child process that `npm start` ends up in, without a terminal. */
function start() {
  // The user's own stores and cluster are not what is tested here.
  const { DATABASE_URL, REDIS_URL, KUBECONFIG, ...env } = process.env
  const args = ['scripts/boot.mjs', 'start', '--dir', join(dir, 'data')]
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
  running = child
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text
    })
  }
  return {
    child,
    printed: () => printed,
    /** Each claim's EIP and address, as the last line about it has them. */
    bound: () =>
      Object.fromEntries(
        [...printed.matchAll(boundLine)].map(([, claim, eip, ip]) => [claim, `${eip} ${ip}`]),
      ),
  }
}

/** Processes that work below our folder: the stores and those who guard them. */
function processesThere(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .filter((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
        return command.includes(dir) || readlinkSync(`/proc/${pid}/cwd`).startsWith(dir)
      } catch {
        return false
      }
    })
}

test.runIf(existsSync('/proc'))(
  'npm start binds EIPs, goes on after SIGKILL where it was, and leaves nothing behind',
  async () => {
    const first = start()
    await vi.waitFor(() => expect(Object.keys(first.bound()), first.printed()).toHaveLength(4), {
      timeout: 90_000,
      interval: 100,
    })
    expect(first.printed()).toMatch(/^pod-eip: stores embedded, cluster simulated, cloud simulated$/m)
    // Said a moment after the last one is bound.
    await vi.waitFor(() => expect(first.printed()).toContain('Try next, in another terminal:'), {
      timeout: 30_000,
      interval: 100,
    })
    expect(first.printed()).not.toMatch(/Warning|Error/)
    first.child.kill('SIGKILL')
    await once(first.child, 'exit')
    await vi.waitFor(() => expect(processesThere()).toEqual([]), { timeout: 30_000, interval: 100 })

    const second = start()
    await vi.waitFor(() => expect(second.bound()).toEqual(first.bound()), { timeout: 90_000, interval: 100 })
    second.child.kill('SIGINT')
    await once(second.child, 'exit')
    expect(second.child.exitCode, second.printed()).toBe(0)
    await vi.waitFor(() => expect(processesThere()).toEqual([]), { timeout: 30_000, interval: 100 })
    expect(readdirSync(join(dir, 'data'))).not.toContain('pid')
  },
  240_000,
)
