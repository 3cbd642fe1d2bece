import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../free-port.ts'
import type { GuardedProcess } from '../process-guard.ts'
import { type ControlPlaneProgram, findAssets } from './assets.ts'
import { compactEtcd } from './compact-etcd.ts'
import { type Component, startComponent } from './component.ts'
import { apiServer, caFile, controllerManager, etcd, kwok, scheduler } from './control-plane.ts'
import { userName, writeCredentials, writeKubeconfig } from './credentials.ts'

export interface RealClusterOptions {
  /** Runs the controllers too: without them nothing is garbage-collected and no Pod has a ServiceAccount. */
  controllerManager?: boolean
  /** Runs the scheduler too. */
  scheduler?: boolean
  /** Lets kwok play the kubelets of Nodes that carry {@link kwokAnnotation}. Wants the controller manager, which gives Nodes their Pod CIDR. */
  kwok?: boolean
  /** More flags of the API server, such as `{'watch-cache': 'false'}`. */
  apiServerFlags?: Record<string, string>
}

/** A real control plane on 127.0.0.1. It ends with this process, whatever that dies of. */
export interface RealCluster {
  /** `https://127.0.0.1:<port>` */
  server: string
  /** PEM: what to verify the server's certificate with. */
  ca: string
  /** Bearer token of a cluster administrator. */
  token: string
  /** Somebody who has no rights but those that a binding gives to the User of this name. */
  user: { name: string; token: string }
  /** Path of a kubeconfig for the same. */
  kubeconfig: string
  /** Writes a kubeconfig for whoever has this token, such as a ServiceAccount's; returns its path. */
  kubeconfigFor(name: string, token: string): string
  /** The running programs by name, for tests that stop or freeze one. */
  processes: ReadonlyMap<ControlPlaneProgram, GuardedProcess>
  /** Stops a program and starts it again on the same data; `whileDown` runs in between. */
  restart(program: ControlPlaneProgram, whileDown?: () => Promise<void>): Promise<void>
  /** Lets etcd forget all revisions but the latest. */
  compact(): Promise<void>
  /** Stops everything and removes its files. Safe to call twice. */
  stop(): Promise<void>
}

/**
 * Starts etcd and kube-apiserver, and what else is asked for, from the programs in `KUBEBUILDER_ASSETS`.
 * Throws one sentence when a program is missing or does not start.
 */
export async function startRealCluster(options: RealClusterOptions = {}): Promise<RealCluster> {
  const programs: ControlPlaneProgram[] = ['etcd', 'kube-apiserver']
  if (options.controllerManager || options.kwok) programs.push('kube-controller-manager')
  if (options.scheduler) programs.push('kube-scheduler')
  if (options.kwok) programs.push('kwok')
  const binary = findAssets(programs)

  const directory = mkdtempSync(join(tmpdir(), 'pod-eip-cluster-'))
  const processes = new Map<ControlPlaneProgram, GuardedProcess>()
  const components = new Map<ControlPlaneProgram, Component>()
  const stop = async () => {
    // Those that depend on others go first, or they would spend their end complaining.
    for (const running of [...processes.values()].reverse()) await running.stop(5_000)
    processes.clear()
    rmSync(directory, { recursive: true, force: true })
  }
  const start = async (component: Component) => {
    components.set(component.name, component)
    processes.set(component.name, await startComponent(directory, component))
  }
  const restart: RealCluster['restart'] = async (program, whileDown) => {
    const component = components.get(program)
    if (component === undefined)
      throw new Error(`${program} is not part of this cluster: ask for it at its start.`)
    await processes.get(program)?.stop(5_000)
    await whileDown?.()
    await start(component)
  }

  try {
    const credentials = writeCredentials(directory)
    const [etcdPort, peerPort, port] = await Promise.all([freePort(), freePort(), freePort()])
    const server = `https://127.0.0.1:${port}`
    await start(etcd(binary('etcd'), directory, etcdPort, peerPort))
    const flags = options.apiServerFlags ?? {}
    await start(apiServer(binary('kube-apiserver'), directory, port, etcdPort, credentials, flags))
    const { tokens } = credentials
    const ca = readFileSync(caFile(directory), 'utf8')
    const kubeconfig = (name: string, token: string) =>
      writeKubeconfig(directory, name, { server, ca, token })
    const admin = kubeconfig('admin', tokens.admin)
    if (programs.includes('kube-controller-manager')) {
      const config = kubeconfig('controller-manager', tokens.controllerManager)
      const program = binary('kube-controller-manager')
      await start(controllerManager(program, directory, port, config, credentials))
    }
    if (programs.includes('kube-scheduler')) {
      await start(scheduler(binary('kube-scheduler'), directory, kubeconfig('scheduler', tokens.scheduler)))
    }
    if (programs.includes('kwok')) await start(kwok(binary('kwok'), directory, admin))
    return {
      server,
      ca,
      token: tokens.admin,
      user: { name: userName, token: tokens.user },
      kubeconfig: admin,
      kubeconfigFor: kubeconfig,
      processes,
      restart,
      compact: async () => void (await compactEtcd(`http://127.0.0.1:${etcdPort}`)),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
