import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findKubectl } from '@pod-eip/devstack'
import type { KubeObject } from '@pod-eip/kube'
import { stringify } from 'yaml'
import { root, type ServiceName } from './services.ts'

/** What a command printed. */
export interface Printed {
  stdout: string
  stderr: string
  exitCode: number
}

/** Runs a program to its end, whatever its exit code. */
async function run(file: string, args: string[], env: NodeJS.ProcessEnv, input?: string): Promise<Printed> {
  const running = promisify(execFile)(file, args, { env, maxBuffer: 64 << 20 })
  running.child.stdin?.end(input)
  return running.then(
    ({ stdout, stderr }) => ({ stdout, stderr, exitCode: 0 }),
    (error: { code: unknown; stdout: string; stderr: string }) => {
      if (typeof error.code !== 'number') throw error
      return { stdout: error.stdout, stderr: error.stderr, exitCode: error.code }
    },
  )
}

/** Stock kubectl on one cluster. */
export interface Kubectl {
  /** Its output. @throws Error with what it says when it fails */
  (...args: string[]): Promise<string>
  /** `kubectl apply` of objects. */
  apply(...objects: Partial<KubeObject>[]): Promise<void>
  /** `kubectl create --raw`: posts an object to a path, such as that of a subresource. */
  post(path: string, object: object): Promise<void>
  /** The same with more in its environment, such as an editor. */
  withEnv(more: Record<string, string>): (...args: string[]) => Promise<string>
  /** What `-o json` prints. */
  json(...args: string[]): Promise<KubeObject>
}

export async function createKubectl(kubeconfig: string, dir: string): Promise<Kubectl> {
  const program = await findKubectl({ cacheDir: join(root, '.cache') })
  const env = { PATH: process.env.PATH, HOME: dir, KUBECONFIG: kubeconfig }
  const call = async (args: string[], input?: string, more: NodeJS.ProcessEnv = {}): Promise<string> => {
    const { stdout, stderr, exitCode } = await run(program, args, { ...env, ...more }, input)
    if (exitCode !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr.trim() || stdout.trim()}`)
    return stdout
  }
  const json = async (...args: string[]) => JSON.parse(await call([...args, '-o', 'json']))
  return Object.assign((...args: string[]) => call(args), {
    json,
    withEnv:
      (more: Record<string, string>) =>
      (...args: string[]) =>
        call(args, undefined, more),
    async post(path: string, object: object) {
      await call(['create', '--raw', path, '-f', '-'], JSON.stringify(object))
    },
    async apply(...items: Partial<KubeObject>[]) {
      await call(['apply', '-f', '-'], items.map((item) => stringify(item)).join('---\n'))
    },
  })
}

/** `eipctl` as its users call it. */
export type Eipctl = (...args: string[]) => Promise<Printed>

export function createEipctl(env: Record<string, string>): Eipctl {
  const main = join(root, 'packages/eipctl/src/main.ts')
  return (...args) => run(process.execPath, [main, ...args], env)
}

/** The same, killed as soon as it has printed what is waited for; resolves when it has ended. */
export async function killEipctl(
  env: Record<string, string>,
  after: RegExp,
  ...args: string[]
): Promise<void> {
  const child = spawn(process.execPath, [join(root, 'packages/eipctl/src/main.ts'), ...args], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let printed = ''
  child.stdout.on('data', (chunk) => {
    printed += chunk
    if (after.test(printed)) child.kill('SIGKILL')
  })
  const [code, signal] = await once(child, 'exit')
  if (signal !== 'SIGKILL') throw new Error(`eipctl ended by itself with ${code}: ${printed}`)
}

/** Starts a service that is to end by itself. */
export function runService(
  name: ServiceName,
  flags: string[],
  env: Record<string, string>,
): Promise<Printed> {
  return run(process.execPath, [join(root, 'services', name, 'src/main.ts'), ...flags], env)
}
