import { type Clock, systemClock } from '@pod-eip/runtime'
import { type Cluster, KubeError, type KubeObject } from '../cluster.ts'
import { customResourceDefinitions } from '../resources.ts'
import { crdDifference, revisionOf } from './crd-difference.ts'
import { crdOwnerLabel, crdRevision, eipClaimCrd } from './eip-claim-crd.ts'

export interface EnsureCrdOptions {
  clock?: Clock
  /** How long to wait until the API server serves the resource. Default 30 s. */
  timeoutMs?: number
}

const pollMs = 200
/** One that is being removed may be so for long. */
const longestPollMs = 2_000
/** Whose fields those of the definition are. */
export const crdFieldManager = 'pod-eip'
const fieldManager = crdFieldManager
const name = eipClaimCrd.metadata.name

/** The definition that the cluster has now. */
export interface InstalledCrd {
  revision: number
  /** It is of a newer build and was left as it is: one sentence, else empty. */
  newer: string
  /** What was done: it was not there, was of another revision, or of this one and changed by somebody since. */
  done: 'created' | 'updated' | 'put right' | 'nothing'
  /** What it was before, where it was updated or put right, and where it was otherwise. */
  before?: { found: KubeObject; path: string }
}

/**
 * Makes the cluster serve EIPClaims: creates the CustomResourceDefinition or brings it up to date in place,
 * and waits until it is established; one that is being removed is waited out first. Idempotent, safe from several
 * processes at once, never a downgrade: a newer revision stays. Throws one sentence when the cluster will not have
 * it, or when the name belongs to somebody else, such as TKE's own ipamd: what somebody puts there between our look
 * and our write is not overwritten either.
 */
export async function ensureCrd(cluster: Cluster, options: EnsureCrdOptions = {}): Promise<InstalledCrd> {
  const clock = options.clock ?? systemClock
  const timeoutMs = options.timeoutMs ?? 30_000
  const deadline = clock.now() + timeoutMs
  const look = () => told('get', () => cluster.get(customResourceDefinitions, null, name))
  const late = () => clock.now() >= deadline

  /** As it is now, once nobody is removing it. */
  async function lookAtWhatStays(): Promise<KubeObject | null> {
    for (let waitMs = pollMs; ; waitMs = Math.min(2 * waitMs, longestPollMs)) {
      const existing = await look()
      if (existing?.metadata.deletionTimestamp === undefined) return existing
      if (late()) throw new Error(stillGoing(timeoutMs))
      await clock.sleep(waitMs)
    }
  }

  let revision: number
  let did: Pick<InstalledCrd, 'done' | 'before'>
  for (;;) {
    const existing = await lookAtWhatStays()
    revision = existing === null ? 0 : revisionOf(existing)
    try {
      did = await bringUpToDate(cluster, existing)
      break
    } catch (error) {
      // The API server itself writes the status of a definition right after each change: look again.
      if (!isConflict(error) || late()) throw error
      await clock.sleep(pollMs)
    }
  }
  for (;;) {
    const crd = await look()
    const refusal = conditionOf(crd, 'NamesAccepted', 'False')
    if (refusal) {
      throw new Error(
        `The cluster does not accept the names of CustomResourceDefinition ${name}: ${refusal.message}.`,
      )
    }
    if (conditionOf(crd, 'Established', 'True')) break
    if (late()) {
      throw new Error(
        `The API server has not established CustomResourceDefinition ${name} after ${timeoutMs / 1000} s: see "kubectl describe crd ${name}".`,
      )
    }
    await clock.sleep(pollMs)
  }
  const newer = revision > crdRevision ? left(revision) : ''
  return { revision: Math.max(revision, crdRevision), newer, ...did }
}

/**
 * The definition as it is, `null` when there is none. Throws one sentence when it cannot be looked at, or belongs to
 * somebody else.
 */
export async function lookAtCrd(cluster: Pick<Cluster, 'get'>): Promise<KubeObject | null> {
  const found = await told('get', () => cluster.get(customResourceDefinitions, null, name))
  if (found) refuseForeign(found)
  return found
}

/** What it takes from what was found to this build's; nothing where that is newer or right. */
async function bringUpToDate(
  cluster: Cluster,
  found: KubeObject | null,
): Promise<Pick<InstalledCrd, 'done' | 'before'>> {
  if (found === null) {
    await create(cluster)
    return { done: 'created' }
  }
  refuseForeign(found)
  const path = crdDifference(found)
  if (path === '') return { done: 'nothing' }
  refuseStranded(found)
  const after = await update(cluster, found)
  // An API server that reads ours otherwise than it was sent has nothing to be put right.
  if (after.metadata.resourceVersion === found.metadata.resourceVersion) return { done: 'nothing' }
  return { done: revisionOf(found) < crdRevision ? 'updated' : 'put right', before: { found, path } }
}

function isConflict(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof KubeError && cause.status === 409
}

/** Without force: what somebody else has made since our look stays, with a conflict. */
async function create(cluster: Cluster): Promise<void> {
  await told('create', () => cluster.apply(customResourceDefinitions, eipClaimCrd, { fieldManager }))
}

/** Of what was looked at: the resourceVersion makes the API server refuse it when that has changed since. */
async function update(cluster: Cluster, found: KubeObject): Promise<KubeObject> {
  const { uid, resourceVersion } = (await withoutConversion(cluster, found)).metadata
  const metadata = { ...eipClaimCrd.metadata, uid, resourceVersion } as KubeObject['metadata']
  const object = { ...eipClaimCrd, metadata }
  return told('patch', () => cluster.apply(customResourceDefinitions, object, { fieldManager, force: true }))
}

/** A webhook that others have put in belongs to them, and stays when ours is applied: it is taken out before. */
async function withoutConversion(cluster: Cluster, found: KubeObject): Promise<KubeObject> {
  if (!found.spec?.conversion?.webhook) return found
  const { uid, resourceVersion } = found.metadata
  const patch = {
    metadata: { uid, resourceVersion },
    spec: { conversion: { strategy: 'None', webhook: null } },
  }
  return told('patch', () =>
    cluster.mergePatch(customResourceDefinitions, null, name, patch, { fieldManager }),
  )
}

function refuseForeign(crd: KubeObject): void {
  if (crd.metadata.labels?.[crdOwnerLabel.name] === crdOwnerLabel.value) return
  throw new Error(
    `CustomResourceDefinition ${name} exists and was not installed by pod-eip, so it is left alone: remove it when TKE's own EIP feature is off, or label it ${crdOwnerLabel.name}=${crdOwnerLabel.value} to let pod-eip replace it.`,
  )
}

/** Objects may be stored in a version that ours does not have: without it the API server could not read them. */
function refuseStranded(crd: KubeObject): void {
  const ours = new Set<string>(eipClaimCrd.spec.versions.map((version: { name: string }) => version.name))
  const stored: string[] = crd.status?.storedVersions ?? []
  const stranded = stored.filter((version) => !ours.has(version))
  if (stranded.length === 0) return
  throw new Error(
    `CustomResourceDefinition ${name} has objects stored in version ${stranded.join(' and ')}, which this build does not know, so it is left alone: run the build of pod-eip that installed it, or delete the definition to have it and all EIPClaims made anew.`,
  )
}

function left(revision: number): string {
  return `CustomResourceDefinition ${name} has revision ${revision}, of a newer build of pod-eip than this one with revision ${crdRevision}, so it is left as it is; run the newer build everywhere.`
}

function stillGoing(timeoutMs: number): string {
  return `CustomResourceDefinition ${name} is still being removed after ${timeoutMs / 1000} s and cannot be made anew before that: see which EIPClaims are left with "kubectl get eipc -A", and whose finalizers hold them.`
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
