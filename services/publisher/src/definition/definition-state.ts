import { type Cluster, customResourceDefinitions, eipClaimCrd } from '@pod-eip/kube'
import type { Clock } from '@pod-eip/runtime'

/** How the definition of EIPClaims stands in the cluster. */
export interface DefinitionState {
  /**
   * Whether it is being removed, or has been: then every EIPClaim is deleted with it, and nobody wishes that an EIP
   * be given back.
   */
  isGoing(): Promise<boolean>
}

/** Asked at most this often: a removed definition has all objects ask at once. */
const rememberMs = 2_000

export function createDefinitionState(cluster: Pick<Cluster, 'get'>, clock: Clock): DefinitionState {
  let asked: { at: number; going: Promise<boolean> } | undefined

  async function ask(): Promise<boolean> {
    const definition = await cluster.get(customResourceDefinitions, null, eipClaimCrd.metadata.name)
    return definition === null || definition.metadata.deletionTimestamp !== undefined
  }

  return {
    isGoing() {
      if (!asked || clock.now() - asked.at > rememberMs) {
        asked = { at: clock.now(), going: ask() }
        asked.going.catch(() => {
          asked = undefined
        })
      }
      return asked.going
    },
  }
}
