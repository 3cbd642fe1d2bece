import {
  type Cluster,
  crdDifference,
  crdOwnerLabel,
  crdRevision,
  customResourceDefinitions,
  eipClaimCrd,
  revisionOf,
} from '@pod-eip/kube'
import { presentable } from '@pod-eip/runtime'
import { type Finding, finding } from './check.ts'

const definition = eipClaimCrd.metadata.name
/** Others may name fields of it as they like. */
const longestPlace = 200

/** Whether the definition of EIPClaims is there, is ours, and is what this build writes. */
export async function definitionFinding(cluster: Pick<Cluster, 'get'>): Promise<Finding> {
  const crd = await cluster
    .get(customResourceDefinitions, null, definition)
    .catch((error: { status?: number }) => {
      if (error.status !== 403) throw error
      return 'hidden' as const
    })
  if (crd === 'hidden') {
    return finding('definition', 'not checked', 'This token may not look at the definition of EIPClaims.')
  }
  if (!crd) {
    return finding(
      'definition',
      'fail',
      `CustomResourceDefinition ${definition} is not installed; start the publisher, which installs it, and see what it logs.`,
    )
  }
  if (crd.metadata.labels?.[crdOwnerLabel.name] !== crdOwnerLabel.value) {
    return finding(
      'definition',
      'fail',
      `CustomResourceDefinition ${definition} was not installed by pod-eip, so nothing is published; remove it when TKE's own EIP feature is off, or label it ${crdOwnerLabel.name}=${crdOwnerLabel.value}.`,
    )
  }
  const revision = revisionOf(crd)
  if (revision === crdRevision) {
    const where = crdDifference(crd)
    if (where !== '') {
      return finding(
        'definition',
        'fail',
        `CustomResourceDefinition ${definition} was changed by another hand: ${presentable(where, longestPlace)} is otherwise than this build has it; the publisher puts it right, so see what it logs, and who changes it.`,
      )
    }
    return finding('definition', 'ok', `CustomResourceDefinition ${definition} has revision ${revision}.`)
  }
  return revision > crdRevision
    ? finding(
        'definition',
        'warn',
        `CustomResourceDefinition ${definition} has revision ${revision} of a newer build; this one writes ${crdRevision}.`,
      )
    : finding(
        'definition',
        'fail',
        `CustomResourceDefinition ${definition} has revision ${revision} and this build needs ${crdRevision}; restart the publisher, which brings it up to date.`,
      )
}
