import {
  type Claim,
  claimHolder,
  describeClaim,
  type InstallationMarks,
  type ObjectRef,
  splitClaimKey,
} from '@pod-eip/domain'
import { type EipClaimSpec, type EipClaimStatus, eipClaims, type KubeObject } from '@pod-eip/kube'
import { digest } from '../digest.ts'
import { otherWriter } from '../disputes/other-writer.ts'
import { numberOr, readObject } from '../read-object.ts'

/** An EIPClaim as the cluster last showed it, as far as the publisher has to know it. */
export interface SeenObject {
  /** The claim's key: `namespace/name`. */
  key: string
  uid: string
  resourceVersion: string
  /** `metadata.generation`: counts changes of the spec. */
  generation: number
  /** Its deletion was asked for. */
  deleting: boolean
  hasFinalizer: boolean
  /** Made from the log, as its label says. */
  ours: boolean
  /** The annotation domain of another installation whose it is; empty when it is ours, or no installation's. */
  heldBy: string
  /** Generation of the claim, as the publisher last wrote it there; 0 where somebody else has changed the status. */
  claimGeneration: number
  /** Fingerprints of what it shows: what is wanted, with the owners that it names, and how it stands. */
  spec: string
  status: string
  /** Who else wrote these; empty when nobody did. */
  specBy: string
  statusBy: string
}

/** Keeps of an object what a comparison needs: some hundred bytes, whatever its size. @throws KubeError */
export function seeObject(object: KubeObject, marks: InstallationMarks): SeenObject {
  return readObject('EIPClaim', object, (claim) => keep(claim, marks))
}

function keep(object: KubeObject, marks: InstallationMarks): SeenObject {
  const { metadata } = object
  const { fieldManager, reclaimFinalizer, managedBy } = marks
  const holder = claimHolder(metadata, marks)
  const statusBy = otherWriter(object, fieldManager, ['f:status'])
  return {
    key: `${metadata.namespace}/${metadata.name}`,
    uid: metadata.uid ?? '',
    resourceVersion: metadata.resourceVersion ?? '0',
    generation: numberOr(metadata.generation, 0),
    deleting: metadata.deletionTimestamp !== undefined,
    hasFinalizer: metadata.finalizers?.includes(reclaimFinalizer) ?? false,
    ours: metadata.labels?.[managedBy.label] === managedBy.value,
    heldBy: holder === marks.domain ? '' : holder,
    claimGeneration:
      statusBy === '' ? numberOr((object.status as EipClaimStatus | undefined)?.generation, 0) : 0,
    spec: digest({
      spec: object.spec ?? null,
      owners: (metadata.ownerReferences ?? []).map(({ uid }) => uid).sort(),
    }),
    status: digest(object.status ?? null),
    specBy: otherWriter(object, fieldManager, ['f:spec']),
    statusBy,
  }
}

/** A part of an object as it should be, with its fingerprint. */
export interface Wanted {
  object: KubeObject
  digest: string
}

/**
 * Spec and metadata of a claim's object.
 * @param owner whom it names as its owner; it never blocks that one's deletion
 */
export function wantedObject(
  claim: Claim,
  seen: SeenObject | null,
  { managedBy, reclaimFinalizer }: InstallationMarks,
  owner: ObjectRef | null = null,
): Wanted {
  // With the definition's default filled in: else what the cluster shows would differ from it.
  const spec: EipClaimSpec = { deletePolicy: 'Release', ...describeClaim(claim).spec }
  // An object that is being deleted takes no new finalizer, and keeps the one that it has.
  const held = seen === null || !seen.deleting || seen.hasFinalizer
  return {
    object: {
      ...identity(claim),
      metadata: {
        ...identity(claim).metadata,
        labels: { [managedBy.label]: managedBy.value },
        ...(held && { finalizers: [reclaimFinalizer] }),
        ...(owner && { ownerReferences: [referenceTo(owner)] }),
      },
      spec,
    },
    digest: digest({ spec, owners: owner ? [owner.uid] : [] }),
  }
}

/** Status of a claim's object: what the claim says of itself, about the spec that the object shows. */
export function wantedStatus(claim: Claim, seen: SeenObject): Wanted {
  const status: EipClaimStatus = {
    ...describeClaim(claim).status,
    observedGeneration: seen.generation,
  }
  return { object: { ...identity(claim), status }, digest: digest(status) }
}

function referenceTo({ apiVersion, kind, name, uid }: ObjectRef) {
  return { apiVersion, kind, name, uid }
}

function identity(claim: Claim) {
  return {
    apiVersion: `${eipClaims.group}/${eipClaims.version}`,
    kind: eipClaims.kind,
    metadata: splitClaimKey(claim.key),
  }
}
