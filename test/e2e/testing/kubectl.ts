import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findKubectl } from '@pod-eip/devstack'

/** How one command came out. */
export interface Outcome {
  code: number
  stdout: string
  stderr: string
}

/** kubectl on one API server. */
export interface Kubectl {
  /** Standard output. @throws with what kubectl said, when it fails */
  (command: string, stdin?: string): Promise<string>
  /** The same, for commands that are meant to fail. */
  attempt(command: string, stdin?: string): Promise<Outcome>
  /** Starts a command that goes on until it is killed. */
  start(command: string): ChildProcess
  close(): Promise<void>
}

/**
 * A kubectl that sees nothing but the cluster of this kubeconfig. Words of a command are separated by
 * spaces; a part in single quotes is one word.
 *
 * @throws one sentence when there is no kubectl and none can be fetched
 */
export async function openKubectl(kubeconfig: string): Promise<Kubectl> {
  const folder = await mkdtemp(join(tmpdir(), 'pod-eip-kubectl-'))
  const program = await findKubectl({ cacheDir: '.cache' })
  const env = { ...process.env, HOME: folder, KUBECONFIG: kubeconfig }

  const attempt = (command: string, stdin?: string) =>
    new Promise<Outcome>((resolve) => {
      const child = execFile(program, wordsOf(command), { env, timeout: 60_000 }, (error, stdout, stderr) => {
        const code = error ? (typeof error.code === 'number' ? error.code : -1) : 0
        resolve({ code, stdout, stderr })
      })
      child.stdin?.end(stdin ?? '')
    })
  const run = async (command: string, stdin?: string) => {
    const { code, stdout, stderr } = await attempt(command, stdin)
    if (code !== 0) throw new Error(`kubectl ${command}: exit code ${code}: ${stderr}${stdout}`)
    return stdout
  }
  return Object.assign(run, {
    attempt,
    start: (command: string) => spawn(program, wordsOf(command), { env, stdio: ['ignore', 'pipe', 'pipe'] }),
    close: () => rm(folder, { recursive: true, force: true }),
  })
}

function wordsOf(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
}
