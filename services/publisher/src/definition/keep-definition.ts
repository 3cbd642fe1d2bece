import {
  type Cluster,
  crdDifference,
  crdFieldManager,
  customResourceDefinitions,
  eipClaimCrd,
  ensureCrd,
  type InstalledCrd,
  lookAtCrd,
} from '@pod-eip/kube'
import type { Clock, Logger, Random } from '@pod-eip/runtime'
import type { Corrections } from '../disputes/corrections.ts'
import { otherWriter } from '../disputes/other-writer.ts'
import type { TellCorrection } from '../disputes/tell-corrections.ts'
import { untilItWorks } from '../retry.ts'

/** Sees to it that the cluster serves EIPClaims. */
export interface DefinitionKeeper {
  /**
   * Resolves when the definition was looked at, or the signal has aborted; says whether it is there, and stays. Waits
   * while it is somebody else's, such as that of TKE's ipamd: what that one does is not to be done twice.
   */
  look(signal: AbortSignal): Promise<{ stays: boolean }>
  /**
   * Installs the definition or brings it up to date; resolves when EIPClaims are served, or the signal has aborted.
   * Says whether it was not there.
   */
  install(signal: AbortSignal): Promise<{ wasMissing: boolean }>
  /**
   * Looks whether the definition is there and as it should be, and brings it back if not: EIPClaims seem not to be
   * served any more, or somebody may have changed it. One call at a time does that.
   */
  restore(signal: AbortSignal): void
  /** It was seen otherwise than it should be; who keeps changing it is put right ever more rarely. */
  correct(signal: AbortSignal): void
  /** Whether EIPClaims can be made, by what is known. */
  takesNew(): boolean
  /** Why EIPClaims are not served, for an operator: one sentence, else empty. */
  problem(): string
}

export interface DefinitionKeeperDeps {
  cluster: Cluster
  corrections: Corrections
  tell: TellCorrection
  /** EIPClaims can be made, after they could not. */
  onServed: () => void
  clock: Clock
  random: Random
  logger: Logger
}

const { name } = eipClaimCrd.metadata
/** What takes longer is told, and goes on. */
const timeoutMs = 10_000
const part = `CustomResourceDefinition ${name}`

export function createDefinitionKeeper(deps: DefinitionKeeperDeps): DefinitionKeeper {
  const { cluster, corrections, tell, onServed, clock, random, logger } = deps
  let problem = ''
  let takesNew = false
  let toldNewer = ''
  let underWay = false
  /** Somebody asked meanwhile: what was looked at by then may have changed since. */
  let again = false
  /** When what is disputed may be put right, epoch ms. */
  let dueAt = Number.POSITIVE_INFINITY

  /** Calls until it works, and tells what stands in the way. */
  async function insist<T>(signal: AbortSignal, call: () => Promise<T>): Promise<T | undefined> {
    const result = await untilItWorks(call, {
      ...{ signal, clock, random },
      onFailure: ({ error, ...retry }) => {
        problem = error instanceof Error ? error.message : String(error)
        logger.error({ err: error, ...retry }, 'the cluster does not serve EIPClaims; tried again')
      },
    })
    problem = ''
    return result
  }

  async function bring(signal: AbortSignal): Promise<InstalledCrd | undefined> {
    const installed = await insist(signal, () => ensureCrd(cluster, { clock, timeoutMs }))
    if (installed?.newer && installed.newer !== toldNewer) {
      toldNewer = installed.newer
      logger.warn({ revision: installed.revision }, installed.newer)
    }
    if (installed && !takesNew) {
      takesNew = true
      onServed()
    }
    return installed
  }

  async function tellOf({ found, path }: NonNullable<InstalledCrd['before']>): Promise<void> {
    corrections.due(part)
    const undone = {
      ...({ key: name, kind: 'CustomResourceDefinition', part: 'definition' } as const),
      ...{ uid: found.metadata.uid ?? '', where: path },
      by: otherWriter(found, crdFieldManager, managedField(path)),
    }
    await tell(undone, corrections.made(part)).catch((error: unknown) =>
      logger.warn({ err: error }, 'the correction of the definition of EIPClaims could not be told'),
    )
  }

  /** Comes back then, if not sooner. */
  function later(at: number, signal: AbortSignal): void {
    if (dueAt <= at) return
    dueAt = at
    void clock.sleep(at - clock.now(), signal).then(() => {
      dueAt = Number.POSITIVE_INFINITY
      restore(signal)
    })
  }

  async function restoreNow(signal: AbortSignal): Promise<void> {
    // Where that cannot be told now, it is told when it is brought.
    const found = await cluster.get(customResourceDefinitions, null, name).catch(() => undefined)
    if (found === null || found?.metadata.deletionTimestamp !== undefined) {
      takesNew = false
      logger.warn(
        'EIPClaims are not served any more: somebody removed their definition; it and they are made anew, and every EIP stays where it is',
      )
    } else if (found && crdDifference(found) !== '') {
      const at = corrections.due(part)
      if (at > clock.now()) return later(at, signal)
    }
    const installed = await bring(signal)
    // Also an older one that was put in its place.
    if (installed?.before) await tellOf(installed.before)
  }

  /** One call at a time. */
  async function alone<T>(signal: AbortSignal, call: () => Promise<T>): Promise<T> {
    underWay = true
    try {
      return await call()
    } finally {
      underWay = false
      if (again) {
        again = false
        restore(signal)
      }
    }
  }

  function restore(signal: AbortSignal): void {
    if (signal.aborted) return
    if (underWay) again = true
    else void alone(signal, () => restoreNow(signal))
  }

  return {
    async look(signal) {
      const found = await insist(signal, () => lookAtCrd(cluster))
      return { stays: Boolean(found) && found?.metadata.deletionTimestamp === undefined }
    },
    install: (signal) =>
      alone(signal, async () => {
        const installed = await bring(signal)
        if (installed?.done === 'put right' && installed.before) await tellOf(installed.before)
        return { wasMissing: installed?.done === 'created' }
      }),
    restore,
    correct: (signal) => {
      if (dueAt === Number.POSITIVE_INFINITY) restore(signal)
    },
    takesNew: () => takesNew,
    problem: () => problem,
  }
}

/** The field of managedFields that a path is in: lists of a definition belong to one writer as a whole. */
function managedField(path: string): string[] {
  const field = /^spec\.(\w+)/.exec(path)?.[1]
  return field ? ['f:spec', `f:${field}`] : ['f:metadata', 'f:annotations']
}
