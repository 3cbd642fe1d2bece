import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { eipLimit } from '@pod-eip/domain'
import { expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { newNodes } from './new-nodes.ts'

const examples = join(import.meta.dirname, '../../docs/examples')

interface Manifest {
  kind: string
  metadata: { name: string }
  spec: PodSpec & { replicas?: number; template?: { spec: PodSpec } }
}
interface PodSpec {
  nodeSelector?: Record<string, string>
  tolerations?: { key: string; value: string; effect: string }[]
}

const manifests = readdirSync(examples).flatMap((file) =>
  parseAllDocuments(readFileSync(join(examples, file), 'utf8')).map(
    (document) => document.toJS() as Manifest,
  ),
)
const podOf = ({ spec }: Manifest): PodSpec => spec.template?.spec ?? spec
/** Pods that a workload has when a page scales it up or rolls it out, beyond the replicas of its manifest. */
const scaledUp: Record<string, number> = { crawler: 4, partner: 3, media: 3 }

const slots = (node: ReturnType<typeof newNodes>[number]) => eipLimit(Number(node.status!.capacity!.cpu))
const all = newNodes('ap-guangzhou')

test('the manifests of the pages fit on a new cluster at once, whatever was applied before', () => {
  const open = all.filter(({ spec }) => !('taints' in spec))
  const wanted = manifests
    .filter(({ kind }) => kind !== 'Service')
    .filter((manifest) => podOf(manifest).nodeSelector === undefined)
    .map(({ metadata: { name }, spec }) => scaledUp[name] ?? spec.replicas ?? 1)
  expect(wanted.length).toBeGreaterThan(5)
  expect(sum(wanted)).toBeLessThanOrEqual(sum(open.map(slots)))
})

test('the manifest that asks for too much has a node for itself, with room for some of its Pods', () => {
  const crowd = manifests.find(({ metadata }) => metadata.name === 'crowd')!
  const { nodeSelector, tolerations } = podOf(crowd)
  const node = all.find(({ metadata }) => metadata.name === nodeSelector?.['kubernetes.io/hostname'])!
  expect(node.spec).toMatchObject({ taints: tolerations })
  expect(slots(node)).toBeGreaterThan(0)
  expect(slots(node)).toBeLessThan(crowd.spec.replicas!)
})

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
