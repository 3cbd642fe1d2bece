import {
  type Cluster,
  crdDifference,
  customResourceDefinitions,
  eipClaimCrd,
  type ListWatch,
  listWatch,
} from '@pod-eip/kube'
import type { Clock, Logger, Random } from '@pod-eip/runtime'
import type { RefusedRights } from '../refused-rights.ts'

export interface FollowDefinitionDeps {
  cluster: Cluster
  rights: RefusedRights
  /** It is not there, or will not be for long. */
  onGone: () => void
  /** It is not as it should be. */
  onChanged: () => void
  signal: AbortSignal
  clock: Clock
  random: Random
  logger: Logger
}

/** What is kept of the definition. */
interface SeenDefinition {
  going: boolean
  changed: boolean
}

/** As its watch is called in the log. */
const what = 'the definition of EIPClaims'

/** Follows the definition of EIPClaims, so that what others do to it is noticed at once. */
export function followDefinition(deps: FollowDefinitionDeps): Pick<ListWatch, 'done'> {
  const { cluster, rights, onGone, onChanged, signal, clock, random, logger } = deps
  const look = (seen: SeenDefinition | undefined) => {
    if (!seen || seen.going) onGone()
    else if (seen.changed) onChanged()
  }
  return listWatch<SeenDefinition>({
    ...{ cluster, resource: customResourceDefinitions },
    fieldSelector: `metadata.name=${eipClaimCrd.metadata.name}`,
    ...{ signal, clock, random },
    project: (crd) => ({
      going: crd.metadata.deletionTimestamp !== undefined,
      changed: crdDifference(crd) !== '',
    }),
    onList: ({ items }) => {
      rights.forget(what)
      look(items[0])
    },
    onEvents: (changes) => {
      const last = changes.at(-1)
      if (last) look(last.type === 'DELETED' ? undefined : last.object)
    },
    onRetry: ({ error, failures, delayMs }) => {
      if (rights.note(what, error)) return
      logger.warn({ err: error, failures, delayMs }, `${what} cannot be read and is tried again`)
    },
  })
}
