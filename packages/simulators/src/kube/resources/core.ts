import type { KubeObject } from '@pod-eip/kube'
import { type Cause, cause } from '../store/api-error.ts'
import { equal } from '../store/json.ts'
import {
  claimColumns,
  configMapColumns,
  eventColumns,
  namespaceColumns,
  secretColumns,
  serviceAccountColumns,
  serviceColumns,
} from './columns/core-columns.ts'
import { define } from './define.ts'
import {
  anything,
  atomic,
  choice,
  conditions,
  flag,
  integer,
  intOrText,
  keyed,
  list,
  microTime,
  object,
  quantities,
  text,
  textMap,
  time,
} from './schema/build.ts'

export const namespaces = define({
  version: 'v1',
  plural: 'namespaces',
  columns: namespaceColumns,
  kind: 'Namespace',
  namespaced: false,
  shortNames: ['ns'],
  status: true,
  schema: object(
    {
      spec: object(
        { finalizers: list(text('Who must agree.'), 'What keeps it until it is empty.') },
        'What is wanted.',
      ),
      status: object({ phase: text('Active or Terminating.'), conditions }, 'What is.'),
    },
    'A scope for names.',
  ),
  rules: {
    nameIs: 'label',
    selectableFields: ['status.phase'],
    refuseDelete: (name) =>
      ['default', 'kube-system', 'kube-public'].includes(name)
        ? 'this namespace may not be deleted'
        : undefined,
    prepareCreate(draft) {
      draft.spec = { finalizers: ['kubernetes'] }
      draft.status = { phase: 'Active' }
    },
    setDefaults(draft) {
      draft.metadata.labels = { ...draft.metadata.labels, 'kubernetes.io/metadata.name': draft.metadata.name }
    },
  },
})

export const services = define({
  version: 'v1',
  plural: 'services',
  columns: serviceColumns,
  kind: 'Service',
  namespaced: true,
  shortNames: ['svc'],
  categories: ['all'],
  status: true,
  schema: object(
    {
      spec: object(
        {
          selector: atomic(textMap('Labels of the Pods that serve.')),
          type: choice(['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'], 'How it is reached.'),
          clusterIP: text('Its address in the cluster; None for a headless Service.'),
          clusterIPs: list(text('An address.'), 'Its addresses in the cluster.'),
          externalName: text('The DNS name that it stands for.'),
          publishNotReadyAddresses: flag('Whether Pods count before they are ready.'),
          sessionAffinity: text('None or ClientIP.'),
          internalTrafficPolicy: text('Cluster or Local.'),
          externalTrafficPolicy: text('Cluster or Local.'),
          ipFamilyPolicy: text('SingleStack, PreferDualStack or RequireDualStack.'),
          ipFamilies: list(text('IPv4 or IPv6.'), 'Families of its addresses.'),
          ports: keyed(
            ['port', 'protocol'],
            object(
              {
                name: text('Name of the port.'),
                port: integer('The port of the Service.'),
                targetPort: intOrText('The port of the Pods, as number or name.'),
                protocol: { ...text('TCP, UDP or SCTP.'), default: 'TCP' },
                nodePort: integer('The port on every Node.'),
                appProtocol: text('The protocol inside.'),
              },
              'A port.',
              ['port'],
            ),
            'Its ports.',
          ),
        },
        'What is wanted.',
      ),
      status: anything('What is.'),
    },
    'A name for a set of Pods.',
  ),
  rules: {
    nameIs: 'label',
    setDefaults(draft) {
      const spec = { type: 'ClusterIP', sessionAffinity: 'None', ...draft.spec }
      for (const port of spec.ports ?? []) port.targetPort ??= port.port
      draft.spec = spec
      draft.status ??= { loadBalancer: {} }
    },
  },
})

export const configMaps = define({
  version: 'v1',
  plural: 'configmaps',
  columns: configMapColumns,
  kind: 'ConfigMap',
  namespaced: true,
  shortNames: ['cm'],
  schema: object(
    {
      data: textMap('The texts.'),
      binaryData: textMap('Other data, in base64.'),
      immutable: flag('Whether it is fixed.'),
    },
    'Configuration for Pods to read.',
  ),
  rules: { validateUpdate: (object, before) => immutableCauses(object, before, ['data', 'binaryData']) },
})

export const secrets = define({
  version: 'v1',
  plural: 'secrets',
  columns: secretColumns,
  kind: 'Secret',
  namespaced: true,
  schema: object(
    {
      data: textMap('The data, in base64.'),
      stringData: textMap('Texts to be put into data; never read back.'),
      type: { ...text('What kind of data.'), default: 'Opaque' },
      immutable: flag('Whether it is fixed.'),
    },
    'Data that is not for everybody.',
  ),
  rules: {
    selectableFields: ['type'],
    validateUpdate: (object, before) => [
      ...(object.type === before.type ? [] : [cause.invalid('type', object.type, 'field is immutable')]),
      ...immutableCauses(object, before, ['data']),
    ],
    setDefaults(draft: KubeObject) {
      const texts: [string, string][] = Object.entries(draft.stringData ?? {})
      const encoded = texts.map(([key, value]) => [key, Buffer.from(String(value)).toString('base64')])
      if (encoded.length > 0) draft.data = { ...draft.data, ...Object.fromEntries(encoded) }
      delete draft.stringData
    },
  },
})

export const serviceAccounts = define({
  version: 'v1',
  plural: 'serviceaccounts',
  columns: serviceAccountColumns,
  kind: 'ServiceAccount',
  namespaced: true,
  shortNames: ['sa'],
  schema: object(
    {
      secrets: keyed(['name'], anything('A Secret.'), 'Secrets that its Pods may use.'),
      imagePullSecrets: list(anything('A Secret.'), 'Secrets to pull images with.'),
      automountServiceAccountToken: flag('Whether its Pods get a token.'),
    },
    'An identity for Pods.',
  ),
})

export const persistentVolumeClaims = define({
  version: 'v1',
  plural: 'persistentvolumeclaims',
  columns: claimColumns,
  kind: 'PersistentVolumeClaim',
  namespaced: true,
  shortNames: ['pvc'],
  status: true,
  schema: object(
    {
      spec: object(
        {
          accessModes: list(text('Such as ReadWriteOnce.'), 'How it is mounted.'),
          storageClassName: text('The class of storage.'),
          volumeMode: { ...text('Filesystem or Block.'), default: 'Filesystem' },
          volumeName: text('The volume that it is bound to.'),
          selector: atomic(anything('Labels of the volumes that will do.')),
          resources: object(
            { requests: quantities('The least.'), limits: quantities('The most.') },
            'How much.',
          ),
        },
        'What is wanted.',
      ),
      status: anything('What is.'),
    },
    'A wish for storage; nobody grants it in a simulated cluster.',
  ),
  rules: {
    prepareCreate(draft) {
      draft.status = { phase: 'Pending' }
    },
  },
})

const eventSource = object({ component: text('The program.'), host: text('The Node.') }, 'Who tells it.')
const objectReference = object(
  {
    apiVersion: text('Its apiVersion.'),
    kind: text('Its kind.'),
    namespace: text('Its namespace.'),
    name: text('Its name.'),
    uid: text('Its uid.'),
    resourceVersion: text('Its resourceVersion.'),
    fieldPath: text('The part of it that is meant.'),
  },
  'An object.',
)

export const events = define({
  version: 'v1',
  plural: 'events',
  columns: eventColumns,
  kind: 'Event',
  namespaced: true,
  shortNames: ['ev'],
  schema: object(
    {
      involvedObject: objectReference,
      related: objectReference,
      reason: text('Why, in one word.'),
      message: text('What happened, in a sentence.'),
      type: text('Normal or Warning.'),
      action: text('What was done or tried.'),
      count: integer('How often.'),
      firstTimestamp: time('When first.'),
      lastTimestamp: time('When last.'),
      eventTime: microTime('When.'),
      source: eventSource,
      reportingComponent: { ...text('The controller that tells it.'), default: '' },
      reportingInstance: { ...text('Which instance of it.'), default: '' },
      series: object(
        { count: integer('How often.'), lastObservedTime: microTime('When last.') },
        'A series of such events.',
      ),
    },
    'Something that happened to an object.',
  ),
  rules: {
    nameIs: 'path segment',
    validate({ metadata, involvedObject }) {
      const field = 'involvedObject.namespace'
      const namespace = involvedObject?.namespace ?? ''
      // What has no namespace is told of in the namespace default.
      return namespace === metadata.namespace || (namespace === '' && metadata.namespace === 'default')
        ? []
        : [cause.invalid(field, namespace, 'does not match event.namespace')]
    },
    selectableFields: [
      ...['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'].map(
        (field) => `involvedObject.${field}`,
      ),
      'reason',
      'reportingComponent',
      'source',
      'type',
    ],
  },
})

/** What an update does to an object that is fixed for ever. */
function immutableCauses(object: KubeObject, before: KubeObject, fields: string[]): Cause[] {
  if (!before.immutable) return []
  const changed = fields.filter((field) => !equal(object[field] ?? {}, before[field] ?? {}))
  return [...(object.immutable ? [] : ['immutable']), ...changed].map((field) =>
    cause.forbidden(field, 'field is immutable when `immutable` is set'),
  )
}
