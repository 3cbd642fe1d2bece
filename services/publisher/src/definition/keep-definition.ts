import { type Cluster, ensureCrd, type InstalledCrd } from '@pod-eip/kube'
import type { Clock, Logger, Random } from '@pod-eip/runtime'
import { untilItWorks } from '../retry.ts'
import type { DefinitionState } from './definition-state.ts'

/** Sees to it that the cluster serves EIPClaims. */
export interface DefinitionKeeper {
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
  /** Why EIPClaims are not served, for an operator: one sentence, else empty. */
  problem(): string
}

export function createDefinitionKeeper(deps: {
  cluster: Cluster
  definition: DefinitionState
  clock: Clock
  random: Random
  logger: Logger
}): DefinitionKeeper {
  const { cluster, definition, clock, random, logger } = deps
  let problem = ''
  let toldNewer = ''
  let restoring: Promise<void> | undefined

  async function install(signal: AbortSignal): Promise<InstalledCrd | undefined> {
    const installed = await untilItWorks(() => ensureCrd(cluster, { clock }), {
      ...{ signal, clock, random },
      onFailure: ({ error, ...retry }) => {
        problem = error instanceof Error ? error.message : String(error)
        logger.error({ err: error, ...retry }, 'the cluster does not serve EIPClaims; tried again')
      },
    })
    problem = ''
    if (installed?.newer && installed.newer !== toldNewer) {
      toldNewer = installed.newer
      logger.warn({ revision: installed.revision }, installed.newer)
    }
    return installed
  }

  async function restoreNow(signal: AbortSignal): Promise<void> {
    // Where that cannot be told now, it is asked again: what cannot be published is tried again.
    if (await definition.isGoing().catch(() => false)) {
      logger.warn(
        'EIPClaims are not served any more: somebody removed their definition; it and they are made anew, and every EIP stays where it is',
      )
    }
    const installed = await install(signal)
    if (installed?.done !== 'updated') return
    logger.warn(
      { revision: installed.revision },
      'somebody changed the definition of EIPClaims, or put an older one in its place; it was put right',
    )
  }

  return {
    install: async (signal) => ({ wasMissing: (await install(signal))?.done === 'created' }),
    restore(signal) {
      if (restoring || signal.aborted) return
      restoring = restoreNow(signal).finally(() => {
        restoring = undefined
      })
    },
    problem: () => problem,
  }
}
