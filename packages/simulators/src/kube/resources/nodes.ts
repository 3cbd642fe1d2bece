import { nodeColumns } from './columns/node-columns.ts'
import { define } from './define.ts'
import { anything, conditions, flag, keyed, list, object, quantities, text, time } from './schema/build.ts'

const taint = object(
  {
    key: text('Its key.'),
    value: text('Its value.'),
    effect: text('NoSchedule, PreferNoSchedule or NoExecute.'),
    timeAdded: time('Since when.'),
  },
  'Keeps Pods off that do not tolerate it.',
  ['key', 'effect'],
)

export const nodes = define({
  version: 'v1',
  plural: 'nodes',
  columns: nodeColumns,
  kind: 'Node',
  namespaced: false,
  shortNames: ['no'],
  status: true,
  schema: object(
    {
      spec: object(
        {
          podCIDR: text('Range of its Pods.'),
          podCIDRs: list(text('A range.'), 'Ranges of its Pods.'),
          providerID: text("The cloud's name for it."),
          unschedulable: flag('Whether it takes no more Pods.'),
          taints: list(taint, 'What keeps Pods off.'),
        },
        'What is wanted.',
      ),
      status: object(
        {
          capacity: quantities('What it has.'),
          allocatable: quantities('What Pods may have of it.'),
          conditions,
          addresses: keyed(
            ['type'],
            object(
              { type: text('InternalIP, ExternalIP or Hostname.'), address: text('The address.') },
              'An address.',
            ),
            'Where it is reached.',
          ),
          nodeInfo: anything('Versions of what runs on it.'),
          daemonEndpoints: anything("The kubelet's port."),
          images: list(anything('An image.'), 'Images that it has.'),
          volumesAttached: list(anything('A volume.'), 'Volumes attached to it.'),
          volumesInUse: list(text('A volume.'), 'Volumes that its Pods use.'),
          phase: text('Not used any more.'),
          config: anything('Not used any more.'),
          runtimeHandlers: list(anything('A handler.'), 'What its container runtime offers.'),
          features: anything('What its container runtime can do.'),
        },
        'What is.',
      ),
    },
    'A machine that runs Pods.',
  ),
  rules: {
    keepsStatusOnCreate: true,
    statusWritesMetadata: true,
    selectableFields: ['spec.unschedulable'],
    setDefaults(draft) {
      draft.spec ??= {}
      draft.status ??= {}
    },
  },
})
