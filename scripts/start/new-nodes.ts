import { makeTkeNode } from '@pod-eip/simulators/kube'

/**
 * What the Nodes of a new simulated cluster have: 1, 2, 7 and 9 EIP slots, enough for all manifests in docs/examples
 * at once. The last one has 2 for whoever tolerates its taint, so that an example can fill it whatever else runs.
 */
const kinds: { cpu: number; taints?: { key: string; value: string; effect: string }[] }[] = [
  { cpu: 4 },
  { cpu: 8 },
  { cpu: 36 },
  { cpu: 48 },
  { cpu: 8, taints: [{ key: 'dedicated', value: 'crowd', effect: 'NoSchedule' }] },
]

/** The Nodes of a new simulated cluster. */
export function newNodes(region: string) {
  return kinds.map(({ cpu, taints }, index) => {
    const node = makeTkeNode({ index, cpu, region })
    return { ...node, spec: { ...node.spec, ...(taints && { taints }) } }
  })
}
