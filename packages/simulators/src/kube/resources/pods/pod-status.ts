import { anything, conditions, integer, keyed, list, object, text, time } from '../schema/build.ts'

const address = object({ ip: text('The address.') }, 'An address.')
const containerStatus = anything('The state of a container.')

export const podStatus = object(
  {
    phase: text('Pending, Running, Succeeded, Failed or Unknown.'),
    reason: text('Why it is in this state, in one word.'),
    message: text('Why it is in this state, in a sentence.'),
    conditions,
    hostIP: text('Address of its Node.'),
    hostIPs: list(address, 'Addresses of its Node.'),
    podIP: text('Its address.'),
    podIPs: keyed(['ip'], address, 'Its addresses.'),
    startTime: time('When its Node took it on.'),
    qosClass: text('Guaranteed, Burstable or BestEffort.'),
    observedGeneration: integer('The generation that the kubelet has acted on.'),
    nominatedNodeName: text('The Node that may take it once others have gone.'),
    initContainerStatuses: list(containerStatus, 'States of the init containers.'),
    containerStatuses: list(containerStatus, 'States of the containers.'),
    ephemeralContainerStatuses: list(containerStatus, 'States of the ephemeral containers.'),
    resize: text('State of a change of its resources.'),
    resourceClaimStatuses: list(anything('A claim.'), 'States of its resource claims.'),
    allocatedResources: anything('What its Node gives it.'),
    resources: anything('What it has.'),
    extendedResourceClaimStatus: anything('State of its extended resources.'),
  },
  'What is.',
)
