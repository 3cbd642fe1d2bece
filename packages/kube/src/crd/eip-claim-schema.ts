import { eipClaimPhases } from './eip-claim.ts'

/** A structural schema, as far as it is used here. */
export interface Schema {
  type: 'object' | 'array' | 'string' | 'integer'
  description?: string
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  enum?: readonly string[]
  format?: string
  pattern?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  maxItems?: number
  'x-kubernetes-list-type'?: 'map' | 'set' | 'atomic'
  'x-kubernetes-list-map-keys'?: string[]
  'x-kubernetes-validations'?: ValidationRule[]
  default?: string
}

/** A rule in CEL, and the sentence that its breach is answered with. */
export interface ValidationRule {
  rule: string
  message: string
}

/** A field that is there exactly when another one has this value. */
const goesWith = (field: string, value: string, other: string): ValidationRule => ({
  rule: `(has(self.${field}) && self.${field} == '${value}') == has(self.${other})`,
  message: `${field} ${value} and ${other} go together: give both or neither`,
})

const text = (description: string, more: Partial<Schema> = {}): Schema => ({
  type: 'string',
  description,
  ...more,
})
const count = (description: string, more: Partial<Schema> = {}): Schema => ({
  type: 'integer',
  description,
  minimum: 0,
  ...more,
})
const time = (description: string): Schema => text(description, { format: 'date-time' })

const tags: Schema = {
  type: 'array',
  description: 'Tags of the EIP beside those that mark it as created for this cluster.',
  maxItems: 47,
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['key'],
  items: {
    type: 'object',
    description: 'One tag.',
    required: ['key', 'value'],
    properties: {
      key: text('Key of the tag.', { maxLength: 128 }),
      value: text('Value of the tag.', { maxLength: 255 }),
    },
  },
}

const attributes: Schema = {
  type: 'object',
  'x-kubernetes-validations': [
    goesWith('internetChargeType', 'BANDWIDTH_PACKAGE', 'bandwidthPackageId'),
    goesWith('addressType', 'AntiDDoSEIP', 'antiDDoSPackageId'),
    {
      rule: "!has(self.anycastZone) || (has(self.addressType) && self.addressType == 'AnycastEIP')",
      message: 'anycastZone is only for addressType AnycastEIP',
    },
  ],
  description:
    "How the EIP is created: the Pod's annotation eip-attributes as it was understood, with the defaults filled in. Names are those of Tencent Cloud's AllocateAddresses.",
  properties: {
    internetServiceProvider: text('Line type: BGP, CMCC, CTCC or CUCC.', { maxLength: 128 }),
    internetChargeType: text('How traffic is charged.', {
      enum: [
        'BANDWIDTH_PACKAGE',
        'BANDWIDTH_POSTPAID_BY_HOUR',
        'BANDWIDTH_PREPAID_BY_MONTH',
        'TRAFFIC_POSTPAID_BY_HOUR',
      ],
    }),
    internetMaxBandwidthOut: {
      type: 'integer',
      description: 'Outbound bandwidth cap in Mbit/s.',
      minimum: 1,
      maximum: 2000,
    },
    addressType: text('Kind of EIP; EIP when absent.', {
      enum: ['EIP', 'AnycastEIP', 'HighQualityEIP', 'AntiDDoSEIP', 'ResidentialEIP'],
    }),
    anycastZone: text('Zone of an Anycast EIP.', { maxLength: 128 }),
    bandwidthPackageId: text('Bandwidth package that the EIP joins.', { maxLength: 128 }),
    antiDDoSPackageId: text('Anti-DDoS package of an AntiDDoSEIP.', { maxLength: 128 }),
    egress: text('Network egress point.', { maxLength: 128 }),
    addressName: text('Name of the EIP in the console.', { maxLength: 128 }),
    tags,
  },
}

const spec: Schema = {
  type: 'object',
  description:
    "What the Pod asked for, as read from its annotations. Written by pod-eip; edit the Pod's annotations instead.",
  required: ['source'],
  'x-kubernetes-validations': [
    {
      rule: "self.source != 'listed' || (has(self.eipIds) && size(self.eipIds) > 0)",
      message: 'with source listed, eipIds has to name at least one EIP',
    },
    {
      rule: "self.source == 'listed' || !has(self.eipIds)",
      message: 'eipIds is only for source listed',
    },
    {
      rule: "self.source == 'auto' || !has(self.attributes)",
      message: 'attributes are only for source auto: a listed EIP keeps its own',
    },
    {
      rule: "!has(self.claimExpiredDuration) || self.claimExpiredDuration == '0' || duration(self.claimExpiredDuration) >= duration('5m')",
      message: 'claimExpiredDuration is at least 5m, or 0 for an EIP that is kept for ever',
    },
  ],
  properties: {
    source: text(
      "Where the EIP comes from: auto = created for this claim and released with it; listed = one of the user's own (annotation eip-id-list), which is only ever unbound.",
      { enum: ['auto', 'listed'], default: 'auto' },
    ),
    deletePolicy: text(
      'Never = the claim is static: it outlives its Pod and keeps its EIP until it expires or is deleted. Release = it ends with its Pod.',
      { enum: ['Never', 'Release'], default: 'Release' },
    ),
    attributes,
    eipIds: {
      type: 'array',
      description: "The user's EIPs of which the Pod gets one. Only with source listed.",
      maxItems: 200,
      'x-kubernetes-list-type': 'atomic',
      items: text('Id of an EIP.', { pattern: '^eip-[0-9a-z]+$', maxLength: 64 }),
    },
    podUID: text('Uid of the Pod that this was read from.', { maxLength: 64 }),
    claimExpiredDuration: text(
      'How long the EIP is kept without a Pod, as a Go duration such as 24h; 0 = for ever. Absent = the setting of the cluster. Only static claims expire.',
      { maxLength: 64, pattern: '^([0-9]+(\\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$|^0$' },
    ),
  },
}

const conditions: Schema = {
  type: 'array',
  description:
    'Accepted = the request was understood; Allocated = there is an EIP; Bound = it is bound to the Pod; Ready sums them up: it is True while the EIP is bound. EgressThroughEip is there once a NAT gateway was seen to take what the Pod sends. A condition that is False says why and what to do.',
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['type'],
  items: {
    type: 'object',
    description: 'One aspect of how the claim stands.',
    required: ['type', 'status', 'lastTransitionTime', 'reason', 'message'],
    properties: {
      type: text('Name of the aspect.', { maxLength: 316 }),
      status: text('Whether it holds.', { enum: ['True', 'False', 'Unknown'] }),
      observedGeneration: count('The metadata.generation that this is about.', { format: 'int64' }),
      lastTransitionTime: time('When status changed last.'),
      reason: text('Why, in one word for programs.', {
        minLength: 1,
        maxLength: 1024,
        pattern: '^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$',
      }),
      message: text('Why and what to do, in one sentence for people.', { maxLength: 32768 }),
    },
  },
}

const status: Schema = {
  type: 'object',
  description: 'How the claim stands. Written by pod-eip.',
  properties: {
    phase: text(
      'Where the claim is in its life: Pending, Allocating, Allocated, Binding, Bound, Unbinding, then Retained (static) or Releasing and Released.',
      { enum: eipClaimPhases },
    ),
    eipId: text('Id of the EIP, such as eip-8uy2k3lm.', { maxLength: 64 }),
    publicIp: text('The public address.', { maxLength: 64 }),
    nodeName: text('Node on which the EIP is bound, is being bound or waits to be bound.', {
      maxLength: 253,
    }),
    networkInterfaceId: text('Elastic network interface (ENI) that the EIP is bound to.', { maxLength: 64 }),
    privateIp: text("Private address that the EIP is bound to: the Pod's.", { maxLength: 64 }),
    podUID: text('Uid of the Pod that holds the EIP.', { maxLength: 64 }),
    generation: count("Counts the claim's successive EIPs: 1 for the first.", { format: 'int64' }),
    boundAt: time('Since when the EIP is bound.'),
    retainedSince: time('Since when the EIP is kept without a Pod.'),
    retainedUntil: time('When the kept EIP expires and is reclaimed; absent = never.'),
    releasedAt: time('When the last EIP was released.'),
    observedGeneration: count('The metadata.generation that this status is about.', { format: 'int64' }),
    conditions,
  },
}

/** The schema of an EIPClaim; `kubectl explain eipclaim.status` shows its descriptions. */
export const eipClaimSchema: Schema = {
  type: 'object',
  description:
    'An EIPClaim is the right of one Pod name to an Elastic IP of its own. It has the name and namespace of the Pod. With the delete policy Never it outlives the Pod and keeps the EIP; deleting it then reclaims the EIP. While the Pod lives it comes back when deleted.',
  required: ['spec'],
  'x-kubernetes-validations': [
    {
      rule: '!has(self.metadata.generateName)',
      message: 'an EIPClaim has the name of its Pod: give metadata.name, not metadata.generateName',
    },
  ],
  properties: {
    apiVersion: text('Version of this representation.'),
    kind: text('EIPClaim.'),
    metadata: { type: 'object' },
    spec,
    status,
  },
}
