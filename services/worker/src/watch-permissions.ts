import { howToGrant, type PermissionProbe, type ProbedPermission, withoutAction } from '@pod-eip/cloud'
import type { Clock, Logger } from '@pod-eip/runtime'

/** While something is missing it is asked again this often; what claims need they find out by themselves. */
const againMs = 300_000

export interface PermissionWatch {
  /** Probes at the start, and again while something is missing or could not be found out. Ends with the signal. */
  run(signal: AbortSignal): Promise<void>
  /** CAM actions that the identity lacks, by the last probe; `null` while none was answered. */
  missing(): string[] | null
}

/** Says at the start what the cloud identity may not do, one sentence for each action; nobody dies of it. */
export function watchPermissions(deps: {
  probe: PermissionProbe
  clock: Clock
  logger: Logger
}): PermissionWatch {
  const { probe, clock, logger } = deps
  let missing: string[] | null = null

  function tell(found: ProbedPermission[]): void {
    const before = missing ?? []
    const now = found.filter((p) => p.state === 'missing')
    for (const { action, camAction, requestId } of now) {
      if (before.includes(camAction)) continue
      const { weight, fails } = withoutAction[action]
      logger[weight === 'needed' ? 'error' : 'warn'](
        { camAction, requestId },
        `the cloud identity may not ${camAction}, so ${fails}; ${howToGrant(action)}, and what waits for it goes on by itself`,
      )
    }
    for (const camAction of before) {
      const granted = found.some((p) => p.camAction === camAction && p.state === 'granted')
      if (granted) logger.info({ camAction }, `the cloud identity may ${camAction} now`)
    }
    missing = now.map((p) => p.camAction)
  }

  return {
    async run(signal) {
      while (!signal.aborted) {
        const found = await probe.probe(signal)
        if (signal.aborted) return
        if (found.some((p) => p.state !== 'unknown')) tell(found)
        if (found.every((p) => p.state === 'granted')) return
        await clock.sleep(againMs, signal)
      }
    },
    missing: () => missing,
  }
}
