import type { KubeObject } from '@pod-eip/kube'
import type { ResourceType } from '../store/resource-type.ts'
import { events } from './core.ts'
import { define } from './define.ts'

/** Names of fields of `v1`, and what `events.k8s.io/v1` calls them. */
const names: [v1: string, newer: string][] = [
  ['involvedObject', 'regarding'],
  ['message', 'note'],
  ['source', 'deprecatedSource'],
  ['firstTimestamp', 'deprecatedFirstTimestamp'],
  ['lastTimestamp', 'deprecatedLastTimestamp'],
  ['count', 'deprecatedCount'],
  ['reportingComponent', 'reportingController'],
]
const toNewer = new Map(names)
const toV1 = new Map(names.map(([v1, newer]) => [newer, v1]))
const group = 'events.k8s.io'

const renamed = <T>(fields: Record<string, T>, to: Map<string, string>): Record<string, T> =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [to.get(name) ?? name, value]))
const stored = (object: KubeObject): KubeObject =>
  ({ ...renamed(object, toV1), ...(object.apiVersion ? { apiVersion: 'v1' } : {}) }) as KubeObject
const shown = (object: KubeObject): KubeObject =>
  ({ ...renamed(object, toNewer), apiVersion: `${group}/v1` }) as KubeObject

/** The Events of `v1` under the names of `events.k8s.io/v1`. */
export const eventsView: ResourceType = define({
  ...events,
  group,
  schema: { ...events.schema, properties: renamed(events.schema.properties ?? {}, toNewer) },
  columns: events.columns.map((column) => ({
    ...column,
    value: (object, now) => column.value(stored(object), now),
  })),
  rules: {},
  view: {
    of: events,
    stored,
    shown,
    storedField: (path) => {
      const [first = '', ...rest] = path.split('.')
      return [toV1.get(first) ?? first, ...rest].join('.')
    },
  },
})
