import type { Schema } from '../../store/schema/schema.ts'
import {
  anything,
  atomic,
  choice,
  flag,
  integer,
  intOrText,
  keyed,
  list,
  object,
  quantities,
  text,
  textMap,
} from '../schema/build.ts'
import { metadataSchema } from '../schema/metadata.ts'

const keyRequirement = object(
  {
    key: text('The key.'),
    operator: text('In, NotIn, Exists, DoesNotExist (Gt, Lt for Nodes).'),
    values: list(text('A value.'), 'The values.'),
  },
  'A demand on one key.',
)

export const labelSelector = atomic(
  object(
    {
      matchLabels: textMap('Labels with these values.'),
      matchExpressions: list(keyRequirement, 'Further demands.'),
    },
    'Which objects, by their labels; all demands must hold.',
  ),
)

const environmentVariable = object(
  {
    name: text('Its name.'),
    value: text('Its value.'),
    valueFrom: anything(
      'Where its value comes from: fieldRef, resourceFieldRef, configMapKeyRef or secretKeyRef.',
    ),
  },
  'A variable.',
  ['name'],
)

const containerPort = object(
  {
    name: text('Its name.'),
    containerPort: integer("The port on the Pod's address."),
    protocol: { ...text('TCP, UDP or SCTP.'), default: 'TCP' },
    hostPort: integer("The port on the Node's address."),
    hostIP: text('The address on the Node.'),
  },
  'A port.',
  ['containerPort'],
)

const volumeMount = object(
  {
    name: text('Name of the volume.'),
    mountPath: text('Where in the container.'),
    subPath: text('Which part of the volume.'),
    subPathExpr: text('Which part of the volume, with variables.'),
    readOnly: flag('Whether it cannot be written.'),
    recursiveReadOnly: text('Whether mounts in it are read-only too.'),
    mountPropagation: text('How mounts are shared.'),
  },
  'A volume in a container.',
  ['name', 'mountPath'],
)

const probe = (description: string) => ({ ...anything(description) })

/** One more field for containers that were added to a running Pod. */
const containerFields: Record<string, Schema> = {
  name: text('Its name, a DNS label, unique in the Pod.'),
  image: text('The image.'),
  imagePullPolicy: choice(['Always', 'Never', 'IfNotPresent'], 'When the image is pulled.'),
  command: list(text('A word.'), "The program, instead of the image's."),
  args: list(text('A word.'), "Its arguments, instead of the image's."),
  workingDir: text('Where it starts.'),
  ports: keyed(['containerPort', 'protocol'], containerPort, 'Ports that it listens on.'),
  env: keyed(['name'], environmentVariable, 'Its environment.'),
  envFrom: list(anything('A ConfigMap or Secret.'), 'Whole maps for its environment.'),
  resources: object(
    {
      requests: quantities('What it is sure to get.'),
      limits: quantities('What it can have at most.'),
      claims: keyed(['name'], anything('A claim.'), 'Resource claims that it uses.'),
    },
    'What it needs.',
  ),
  volumeMounts: keyed(['mountPath'], volumeMount, 'Its volumes.'),
  volumeDevices: keyed(['devicePath'], anything('A device.'), 'Its block devices.'),
  livenessProbe: probe('When it is restarted.'),
  readinessProbe: probe('When it is ready.'),
  startupProbe: probe('When it has started.'),
  lifecycle: anything('What is done after its start and before its end.'),
  restartPolicy: text('Always makes an init container a sidecar.'),
  restartPolicyRules: list(anything('A rule.'), 'When it is restarted, by exit code.'),
  resizePolicy: list(anything('A rule.'), 'Whether it restarts when its resources change.'),
  securityContext: anything('What it may do.'),
  terminationMessagePath: text('Where it leaves its last words.'),
  terminationMessagePolicy: text('Where its last words come from.'),
  stdin: flag('Whether it has an input.'),
  stdinOnce: flag('Whether the input ends with the first client.'),
  tty: flag('Whether it has a terminal.'),
  targetContainerName: text('The container whose processes an ephemeral container sees.'),
}

const container = object(containerFields, 'A container.', ['name'])

const toleration = object(
  {
    key: text('The key; empty for every key.'),
    operator: text('Equal (the default) or Exists.'),
    value: text('The value.'),
    effect: text('The effect; empty for every effect.'),
    tolerationSeconds: integer('How long a NoExecute taint is borne.'),
  },
  'A taint that does not keep the Pod off.',
)

const named = object({ name: text('Its name.') }, 'A name.')

export const podSpec = object(
  {
    containers: keyed(['name'], container, 'Its containers.'),
    initContainers: keyed(['name'], container, 'Containers that run before the others, one after another.'),
    ephemeralContainers: keyed(['name'], container, 'Containers added to find faults.'),
    nodeName: text('Its Node.'),
    nodeSelector: atomic(textMap('Labels that its Node must have.')),
    affinity: object(
      {
        nodeAffinity: anything('Which Nodes it wants.'),
        podAffinity: anything('Which Pods it wants to be near.'),
        podAntiAffinity: anything('Which Pods it wants to be away from.'),
      },
      'Where it wants to run.',
    ),
    tolerations: list(toleration, 'Taints that do not keep it off.'),
    topologySpreadConstraints: keyed(
      ['topologyKey', 'whenUnsatisfiable'],
      { ...anything('A rule.'), properties: { labelSelector } },
      'How Pods of its kind are spread.',
    ),
    readinessGates: list(
      object({ conditionType: text("Type of a condition in the Pod's status.") }, 'A condition.', [
        'conditionType',
      ]),
      'Conditions that must be True before it is ready.',
    ),
    schedulingGates: keyed(['name'], named, 'What must be taken off before it is scheduled.'),
    restartPolicy: choice(['Always', 'OnFailure', 'Never'], 'When ended containers start again.'),
    terminationGracePeriodSeconds: integer('How long its containers have to end.'),
    activeDeadlineSeconds: integer('How long it may run.'),
    serviceAccountName: text('Its identity.'),
    serviceAccount: text('The same, in its old place.'),
    automountServiceAccountToken: flag('Whether it gets a token.'),
    hostname: text('Its host name.'),
    subdomain: text('The Service whose domain it is in.'),
    hostNetwork: flag("Whether it uses the Node's network."),
    hostPID: flag("Whether it sees the Node's processes."),
    hostIPC: flag("Whether it sees the Node's IPC."),
    hostUsers: flag("Whether it uses the Node's users."),
    hostnameOverride: text('Its host name, whatever else says.'),
    hostAliases: keyed(['ip'], anything('An entry.'), 'More lines for its hosts file.'),
    shareProcessNamespace: flag("Whether its containers see each other's processes."),
    setHostnameAsFQDN: flag('Whether its host name is its full domain name.'),
    dnsPolicy: text('Where names are looked up.'),
    dnsConfig: anything('How names are looked up.'),
    enableServiceLinks: flag('Whether Services are told in the environment.'),
    imagePullSecrets: keyed(['name'], named, 'Secrets to pull images with.'),
    securityContext: anything('What its containers may do.'),
    volumes: keyed(['name'], volume(), 'Its volumes.'),
    schedulerName: text('Who finds its Node.'),
    runtimeClassName: text('Which container runtime.'),
    priorityClassName: text('Its priority, by name.'),
    priority: integer('Its priority.'),
    preemptionPolicy: text('Whether it drives out others of lower priority.'),
    overhead: quantities('What the runtime itself needs.'),
    os: named,
    resourceClaims: keyed(['name'], anything('A claim.'), 'Resource claims.'),
    resources: anything('What all its containers need together.'),
    workloadRef: anything('The Workload that it belongs to.'),
    schedulingGroup: anything('The group that it is scheduled with.'),
  },
  'What is wanted.',
  ['containers'],
)

function volume(): Schema {
  return {
    ...object(
      { name: text('Its name.') },
      'A volume: a name and a source such as emptyDir, configMap or persistentVolumeClaim.',
      ['name'],
    ),
    'x-kubernetes-preserve-unknown-fields': true,
  }
}

export const podTemplate = object(
  {
    // Manifests carry `creationTimestamp: null` here: read into types it is nothing, and must change nothing.
    metadata: object(
      {
        ...metadataSchema.properties,
        creationTimestamp: text('Not used in a template.'),
      },
      'Labels and annotations of its Pods.',
    ),
    spec: podSpec,
  },
  'What its Pods look like.',
)

export const maxUnavailable = intOrText('How many may be missing, as a number or a share such as 25%.')
