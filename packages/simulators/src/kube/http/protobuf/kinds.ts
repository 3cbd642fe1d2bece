import type { Field, FieldType, Message } from './decode.ts'

const one = (name: string, type: FieldType): Field => ({ name, type })
const list = (name: string, type: FieldType): Field => ({ name, type, many: 'list' })
const map = (name: string, type: FieldType): Field => ({ name, type, many: 'map' })

const intOrText: Message = { 1: one('type', 'number'), 2: one('integer', 'number'), 3: one('text', 'text') }
const intOrString = (name: string): Field => ({
  name,
  type: ({ type, integer, text }) => (type === 1 ? text : (integer ?? 0)),
  of: intOrText,
})

const metadata = one('metadata', {
  1: one('name', 'text'),
  2: one('generateName', 'text'),
  3: one('namespace', 'text'),
  5: one('uid', 'text'),
  6: one('resourceVersion', 'text'),
  11: map('labels', 'text'),
  12: map('annotations', 'text'),
  14: list('finalizers', 'text'),
})

const container: Message = {
  1: one('name', 'text'),
  2: one('image', 'text'),
  3: list('command', 'text'),
  4: list('args', 'text'),
  5: one('workingDir', 'text'),
  6: list('ports', {
    1: one('name', 'text'),
    2: one('hostPort', 'number'),
    3: one('containerPort', 'number'),
    4: one('protocol', 'text'),
  }),
}

const podTemplate: Message = {
  1: metadata,
  2: one('spec', { 2: list('containers', container), 3: one('restartPolicy', 'text') }),
}

const servicePort: Message = {
  1: one('name', 'text'),
  2: one('protocol', 'text'),
  3: one('port', 'number'),
  4: intOrString('targetPort'),
  5: one('nodePort', 'number'),
}

/**
 * The kinds that kubectl sends as protobuf whatever the server says: what its `create` subcommands and
 * `auth can-i` make, as far as these fill them in. By apiVersion and kind.
 */
export const protobufKinds: Record<string, Message> = {
  'v1 Namespace': { 1: metadata },
  'v1 ConfigMap': {
    1: metadata,
    2: map('data', 'text'),
    3: map('binaryData', 'bytes'),
    4: one('immutable', 'flag'),
  },
  'v1 Secret': {
    1: metadata,
    2: map('data', 'bytes'),
    3: one('type', 'text'),
    4: map('stringData', 'text'),
    5: one('immutable', 'flag'),
  },
  'v1 ServiceAccount': { 1: metadata },
  'v1 Service': {
    1: metadata,
    2: one('spec', {
      1: list('ports', servicePort),
      2: map('selector', 'text'),
      3: one('clusterIP', 'text'),
      4: one('type', 'text'),
      10: one('externalName', 'text'),
    }),
  },
  'apps/v1 Deployment': {
    1: metadata,
    2: one('spec', {
      1: one('replicas', 'number'),
      2: one('selector', { 1: map('matchLabels', 'text') }),
      3: one('template', podTemplate),
    }),
  },
  'batch/v1 Job': { 1: metadata, 2: one('spec', { 6: one('template', podTemplate) }) },
  'authorization.k8s.io/v1 SelfSubjectAccessReview': { 1: metadata },
  'authorization.k8s.io/v1 SelfSubjectRulesReview': { 1: metadata },
  'authentication.k8s.io/v1 SelfSubjectReview': { 1: metadata },
}
