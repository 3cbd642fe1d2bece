import type { KubeObject } from '../cluster.ts'
import { eipClaims } from '../resources.ts'
import { eipClaimSchema } from './eip-claim-schema.ts'

/** Marks the CustomResourceDefinition as ours, however it was installed. */
export const crdOwnerLabel = { name: 'app.kubernetes.io/part-of', value: 'pod-eip' }

/** Annotation with the revision of the definition: a number, never lowered in a cluster. */
export const crdRevisionAnnotation = 'pod-eip/crd-revision'

/** To be raised with every change of the definition. */
export const crdRevision = 6

const column = (name: string, jsonPath: string, description: string, type: 'string' | 'date' = 'string') => ({
  name,
  type,
  jsonPath,
  description,
})
const wide = (name: string, jsonPath: string, description: string) => ({
  ...column(name, jsonPath, description),
  priority: 1,
})

/** The CustomResourceDefinition of {@link eipClaims}. */
export const eipClaimCrd: KubeObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: {
    name: `${eipClaims.plural}.${eipClaims.group}`,
    labels: { [crdOwnerLabel.name]: crdOwnerLabel.value },
    annotations: { [crdRevisionAnnotation]: String(crdRevision) },
  },
  spec: {
    group: eipClaims.group,
    scope: 'Namespaced',
    names: {
      kind: eipClaims.kind,
      listKind: `${eipClaims.kind}List`,
      plural: eipClaims.plural,
      singular: 'eipclaim',
      shortNames: ['eipc'],
      categories: ['tke'],
    },
    versions: [
      {
        name: eipClaims.version,
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: { openAPIV3Schema: eipClaimSchema },
        additionalPrinterColumns: [
          column('Phase', '.status.phase', 'Where the claim is in its life.'),
          column('EIP', '.status.eipId', 'Id of the EIP.'),
          column('Address', '.status.publicIp', 'The public address.'),
          column('Node', '.status.nodeName', 'Node of the Pod.'),
          column('Reason', '.status.conditions[?(@.type=="Ready")].reason', 'Why it is ready, or is not.'),
          column('Age', '.metadata.creationTimestamp', 'Age of this object.', 'date'),
          wide('Private-IP', '.status.privateIp', 'Private address that the EIP is bound to.'),
          wide('ENI', '.status.networkInterfaceId', 'Network interface that the EIP is bound to.'),
          wide('Policy', '.spec.deletePolicy', 'What becomes of the EIP when the Pod ends.'),
          wide('Retained-Until', '.status.retainedUntil', 'When the kept EIP expires.'),
          wide('Pod-UID', '.status.podUID', 'Uid of the Pod that holds the EIP.'),
        ],
      },
    ],
  },
}
