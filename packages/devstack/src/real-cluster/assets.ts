import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'

export type ControlPlaneProgram =
  | 'etcd'
  | 'kube-apiserver'
  | 'kube-controller-manager'
  | 'kube-scheduler'
  | 'kwok'

/** Where each program is; throws one sentence that says what is missing and where it comes from. */
export function findAssets(
  programs: readonly ControlPlaneProgram[],
  directory: string | undefined,
): (program: ControlPlaneProgram) => string {
  if (!directory) {
    throw new Error(
      'KUBEBUILDER_ASSETS is not set: let it name a folder with etcd and kube-apiserver, such as "setup-envtest use -p path" prints.',
    )
  }
  const missing = programs.filter((program) => !isExecutable(join(directory, program)))
  if (missing.length > 0) {
    throw new Error(
      `KUBEBUILDER_ASSETS is ${directory}, which lacks ${missing.join(' and ')}: put ${missing.length === 1 ? 'it' : 'them'} there, from a Kubernetes release or, for kwok, from kwok.sigs.k8s.io.`,
    )
  }
  return (program) => join(directory, program)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
