import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findKubectl } from '@pod-eip/devstack'
import { findAssets } from '@pod-eip/devstack/real-cluster'
import { root } from '../e2e/harness/services.ts'

/** How a command came out: its exit code, what it printed, and that with what it said beside. */
export interface Said {
  code: number
  stdout: string
  text: string
}

/** Runs a program to its end, whatever its exit code. */
export function run(program: string, args: string[], input = ''): Promise<Said> {
  const running = promisify(execFile)(program, args, { maxBuffer: 64 << 20 })
  // One that ends before it has read says by its exit code what is wrong.
  running.child.stdin?.on('error', () => {})
  running.child.stdin?.end(input)
  return running.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, text: stdout + stderr }),
    (error: { code: unknown; stdout: string; stderr: string }) => {
      if (typeof error.code !== 'number') throw error
      return { code: error.code, stdout: error.stdout, text: error.stdout + error.stderr }
    },
  )
}

/** kubectl on one cluster. */
export const kubectlOn = (kubeconfig: string) => async (args: string[], input?: string) =>
  run(await findKubectl({ cacheDir: join(root, '.cache') }), [`--kubeconfig=${kubeconfig}`, ...args], input)

/** What helm prints. @throws Error when it fails */
export async function helm(...args: string[]): Promise<string> {
  const { code, stdout, text } = await run(findAssets(['helm'])('helm'), args)
  if (code !== 0) throw new Error(text)
  return stdout
}

export const chart = join(root, 'infra/helm/pod-eip')

/** `--set` for the values that the chart wants, and for others. */
export const sets = (...values: string[]) =>
  ['clusterId=cls-0a1b2c3d', 'cloud.region=ap-guangzhou', ...values].flatMap((value) => ['--set', value])

/** Switches both policies of admission on. */
export const admission = ['admission.refuse.enabled=true', 'admission.addResource.enabled=true']

/** The policies of admission that the chart makes of values. */
export const renderAdmission = (...values: string[]) =>
  helm(
    ...['template', 'eip', chart, '--namespace', 'default', ...sets(...values)],
    ...['--show-only', 'templates/admission.yaml'],
  )
