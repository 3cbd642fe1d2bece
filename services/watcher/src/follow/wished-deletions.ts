import { splitClaimKey } from '@pod-eip/domain'
import { type Cluster, customResourceDefinitions, eipClaims, KubeError, type KubeObject } from '@pod-eip/kube'
import type { SeenEipClaim } from '../project/project-eip-claim.ts'
import { type Insisting, insist } from './insist.ts'

type Asking = { cluster: Pick<Cluster, 'get' | 'list'> } & Insisting

/**
 * The deletions that somebody wished for, among those seen. The objects of a definition are deleted with it, and a
 * watch may tell that when the definition is gone, or even there again.
 */
export async function wished(deletions: SeenEipClaim[], deps: Asking): Promise<SeenEipClaim[]> {
  if (deletions.length === 0) return []
  const kept: SeenEipClaim[] = []
  const definedAt = await definitionMadeAt(deps)
  for (const deletion of deletions) {
    if (definedAt !== null && (deletion.createdAt >= definedAt || (await isThere(deletion, deps))))
      kept.push(deletion)
  }
  if (kept.length < deletions.length)
    deps.logger.warn(
      { claims: deletions.length - kept.length },
      'EIPClaims are deleted because their CustomResourceDefinition is; no EIP is given back for that',
    )
  return kept
}

/** When the definition that stands now was made, epoch ms; `null` when there is none, or it is being deleted. */
async function definitionMadeAt(deps: Asking): Promise<number | null> {
  const name = `${eipClaims.plural}.${eipClaims.group}`
  const definition = await insist(
    `ask whether ${name} is being removed`,
    () => deps.cluster.get(customResourceDefinitions, null, name),
    deps,
  )
  if (!definition || definition.metadata.deletionTimestamp !== undefined) return null
  return Date.parse(definition.metadata.creationTimestamp ?? '') || 0
}

/**
 * Whether the very object stands still. Then it is one of the definition that stands, whatever the clocks of several
 * API servers say of their ages: a definition goes after the last of its objects.
 */
async function isThere({ claim, uid }: SeenEipClaim, deps: Asking): Promise<boolean> {
  const { namespace, name } = splitClaimKey(claim)
  // A watcher may list them; to read a single one would be one more right.
  const { items } = await insist(
    `ask for EIPClaim ${claim}`,
    () => deps.cluster.list(eipClaims, { namespace, fieldSelector: `metadata.name=${name}` }).catch(noneOf),
    deps,
  )
  return items.some(({ metadata }) => metadata.uid === uid)
}

/** The definition may have gone again meanwhile: then there is no object. */
function noneOf(error: unknown): { items: KubeObject[] } {
  if (error instanceof KubeError && error.status === 404) return { items: [] }
  throw error
}
