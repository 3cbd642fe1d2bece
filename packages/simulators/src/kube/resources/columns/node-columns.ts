import type { KubeObject } from '@pod-eip/kube'
import type { Column } from '../../store/resource-type.ts'
import { age, column, joined, wide } from './column.ts'

export const nodeColumns: Column[] = [
  column('Status', nodeStatusWord),
  column('Roles', roles),
  age,
  column('Version', ({ status }) => status?.nodeInfo?.kubeletVersion ?? ''),
  wide('Internal-IP', (node) => address(node, 'InternalIP')),
  wide('External-IP', (node) => address(node, 'ExternalIP')),
  wide('OS-Image', ({ status }) => status?.nodeInfo?.osImage ?? '<unknown>'),
  wide('Kernel-Version', ({ status }) => status?.nodeInfo?.kernelVersion ?? '<unknown>'),
  wide('Container-Runtime', ({ status }) => status?.nodeInfo?.containerRuntimeVersion ?? '<unknown>'),
]

function nodeStatusWord({ spec, status }: KubeObject): string {
  const ready = (status?.conditions ?? []).find((c: { type: string }) => c.type === 'Ready')
  const word = ready ? (ready.status === 'True' ? 'Ready' : 'NotReady') : 'Unknown'
  return spec?.unschedulable ? `${word},SchedulingDisabled` : word
}

function roles({ metadata }: KubeObject): string | null {
  const prefix = 'node-role.kubernetes.io/'
  const names = Object.keys(metadata.labels ?? {}).filter((label) => label.startsWith(prefix))
  return joined(names.map((label) => label.slice(prefix.length)).sort())
}

function address({ status }: KubeObject, wanted: string): string {
  const all: { type: string; address: string }[] = status?.addresses ?? []
  return all.find(({ type }) => type === wanted)?.address ?? '<none>'
}
