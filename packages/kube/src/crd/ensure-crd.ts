import { type Clock, systemClock } from '@pod-eip/runtime'
import { type Cluster, KubeError, type KubeObject } from '../cluster.ts'
import { customResourceDefinitions } from '../resources.ts'
import { crdOwnerLabel, crdRevision, crdRevisionAnnotation, eipClaimCrd } from './eip-claim-crd.ts'

export interface EnsureCrdOptions {
  clock?: Clock
  /** How long to wait until the API server serves the resource. Default 30 s. */
  timeoutMs?: number
}

const pollMs = 200
const name = eipClaimCrd.metadata.name

/**
 * Makes the cluster serve EIPClaims: creates the CustomResourceDefinition or brings it up to date in place,
 * and waits until it is established. Idempotent, safe from several processes at once, never a downgrade: a
 * newer revision stays. Throws one sentence when the cluster will not have it, or when the name belongs to
 * somebody else, such as TKE's own ipamd.
 */
export async function ensureCrd(cluster: Cluster, options: EnsureCrdOptions = {}): Promise<void> {
  const clock = options.clock ?? systemClock
  const timeoutMs = options.timeoutMs ?? 30_000
  const existing = await told('get', () => cluster.get(customResourceDefinitions, null, name))
  if (existing !== null) refuseForeign(existing)
  if (existing === null || revisionOf(existing) < crdRevision) {
    await told(existing === null ? 'create' : 'patch', () =>
      cluster.apply(customResourceDefinitions, eipClaimCrd, { fieldManager: 'pod-eip', force: true }),
    )
  }
  const deadline = clock.now() + timeoutMs
  for (;;) {
    const crd = await told('get', () => cluster.get(customResourceDefinitions, null, name))
    const refusal = conditionOf(crd, 'NamesAccepted', 'False')
    if (refusal) {
      throw new Error(
        `The cluster does not accept the names of CustomResourceDefinition ${name}: ${refusal.message}.`,
      )
    }
    if (conditionOf(crd, 'Established', 'True')) return
    if (clock.now() >= deadline) {
      throw new Error(
        `The API server has not established CustomResourceDefinition ${name} after ${timeoutMs / 1000} s: see "kubectl describe crd ${name}".`,
      )
    }
    await clock.sleep(pollMs)
  }
}

function refuseForeign(crd: KubeObject): void {
  if (crd.metadata.labels?.[crdOwnerLabel.name] === crdOwnerLabel.value) return
  throw new Error(
    `CustomResourceDefinition ${name} exists and was not installed by pod-eip, so it is left alone: remove it when TKE's own EIP feature is off, or label it ${crdOwnerLabel.name}=${crdOwnerLabel.value} to let pod-eip replace it.`,
  )
}

/** The revision of an installed definition; 0 when it does not say. */
export function revisionOf(crd: KubeObject): number {
  return Number(crd.metadata.annotations?.[crdRevisionAnnotation]) || 0
}

function conditionOf(
  crd: KubeObject | null,
  type: string,
  status: 'True' | 'False',
): { message: string } | undefined {
  const conditions: { type: string; status: string; message: string }[] = crd?.status?.conditions ?? []
  return conditions.find((condition) => condition.type === type && condition.status === status)
}

/** Turns a refusal into the sentence that an operator needs. */
async function told<T>(verb: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    if (!(error instanceof KubeError)) throw error
    const what = `CustomResourceDefinition ${name}`
    const advice =
      error.status === 403
        ? `grant get, create and patch on customresourcedefinitions.apiextensions.k8s.io, or have an administrator install the definition once`
        : error.message
    const problem =
      error.status === 403
        ? `This process may not ${verb} ${what}`
        : `The API server did not let pod-eip ${verb} ${what}`
    throw new Error(`${problem}: ${advice}.`, { cause: error })
  }
}
