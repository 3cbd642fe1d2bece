import type { KubeObject } from '@pod-eip/kube'
import type { Column } from '../../store/resource-type.ts'
import { selectorText } from '../../store/selectors.ts'
import { duration } from './age.ts'
import { age, column, count, joined, wide } from './column.ts'

export const namespaceColumns: Column[] = [column('Status', ({ status }) => status?.phase ?? ''), age]

export const serviceColumns: Column[] = [
  column('Type', ({ spec }) => spec?.type ?? 'ClusterIP'),
  column('Cluster-IP', ({ spec }) => spec?.clusterIP ?? null),
  column('External-IP', ({ status }) =>
    joined((status?.loadBalancer?.ingress ?? []).map((i: { ip?: string }) => i.ip ?? '')),
  ),
  column('Port(s)', ({ spec }) => joined((spec?.ports ?? []).map(portText))),
  age,
  wide('Selector', ({ spec }) => selectorText({ matchLabels: spec?.selector }) || null),
]

export const configMapColumns: Column[] = [
  count(
    'Data',
    ({ data, binaryData }) => Object.keys(data ?? {}).length + Object.keys(binaryData ?? {}).length,
  ),
  age,
]

export const secretColumns: Column[] = [
  column('Type', ({ type }) => type ?? ''),
  count('Data', ({ data }) => Object.keys(data ?? {}).length),
  age,
]

export const serviceAccountColumns: Column[] = [age]

export const claimColumns: Column[] = [
  column('Status', ({ status }) => status?.phase ?? ''),
  column('Volume', ({ spec }) => spec?.volumeName ?? ''),
  column('Capacity', ({ status }) => status?.capacity?.storage ?? ''),
  column('Access Modes', ({ spec }) => (spec?.accessModes ?? []).join(',')),
  column('StorageClass', ({ spec }) => spec?.storageClassName ?? ''),
  age,
]

export const leaseColumns: Column[] = [column('Holder', ({ spec }) => spec?.holderIdentity ?? null), age]

export const definitionColumns: Column[] = [
  column('Created At', ({ metadata }) => metadata.creationTimestamp ?? null),
]

export const eventColumns: Column[] = [
  { ...column('Last Seen', lastSeen) },
  column('Type', ({ type }) => type ?? ''),
  column('Reason', ({ reason }) => reason ?? ''),
  column(
    'Object',
    ({ involvedObject }) =>
      `${String(involvedObject?.kind ?? '').toLowerCase()}/${involvedObject?.name ?? ''}`,
  ),
  wide('Subobject', ({ involvedObject }) => involvedObject?.fieldPath ?? ''),
  wide('Source', ({ source, reportingComponent }) =>
    joined([source?.component ?? reportingComponent ?? '', source?.host ?? ''].filter(Boolean)),
  ),
  column('Message', ({ message }) => String(message ?? '').trim()),
  wide('First Seen', (event, now) => ago(event.firstTimestamp ?? event.eventTime, now)),
  wide('Count', ({ series, count: times }) => series?.count ?? times ?? 1),
  wide('Name', ({ metadata }) => metadata.name),
]

function lastSeen(event: KubeObject, now: number): string {
  return ago(
    event.series?.lastObservedTime ?? event.lastTimestamp ?? event.firstTimestamp ?? event.eventTime,
    now,
  )
}

function ago(timestamp: string | undefined, now: number): string {
  return timestamp ? duration(Math.floor((now - Date.parse(timestamp)) / 1000)) : '<unknown>'
}

function portText({
  port,
  protocol,
  nodePort,
}: {
  port: number
  protocol?: string
  nodePort?: number
}): string {
  return `${port}${nodePort ? `:${nodePort}` : ''}/${protocol ?? 'TCP'}`
}
