import type { KubeObject } from '@pod-eip/kube'
import { expect, test } from 'vitest'
import { jobs, pods } from '../shared/resources.ts'
import { change, template, virtualCluster } from '../testing/virtual-cluster.ts'

const job = (spec: object = {}): KubeObject => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'report', namespace: 'default' },
  spec: { template: { spec: { ...template({}).spec, restartPolicy: 'Never' } }, ...spec },
})
const status = (cluster: ReturnType<typeof virtualCluster>) =>
  cluster.store.get(jobs, 'default', 'report').status
const endFirst = (cluster: ReturnType<typeof virtualCluster>, phase: string) => {
  const running = cluster.store.list(pods).items.find((pod) => pod.status?.phase === 'Running')
  change(cluster, pods, running!.metadata.name, { status: { phase } }, 'status')
  cluster.pass(5)
}

test('a Job runs Pods until enough have succeeded, and keeps them', () => {
  const cluster = virtualCluster(1)
  cluster.store.create(jobs, job({ completions: 2, parallelism: 2 }))
  cluster.pass(5)
  expect(cluster.podNames()).toHaveLength(2)
  endFirst(cluster, 'Succeeded')
  expect(status(cluster)).toMatchObject({ active: 1, succeeded: 1 })
  endFirst(cluster, 'Failed')
  expect(cluster.podNames()).toHaveLength(3)
  endFirst(cluster, 'Succeeded')
  expect(status(cluster)).toMatchObject({
    succeeded: 2,
    failed: 1,
    conditions: [{ type: 'Complete', status: 'True' }],
  })
  expect(cluster.podNames()).toHaveLength(3)
  cluster.store.delete(jobs, 'default', 'report')
  cluster.pass(5)
  expect(cluster.podNames()).toEqual([])
})

test('a Job whose Pods fail too often fails', () => {
  const cluster = virtualCluster(1)
  cluster.store.create(jobs, job({ backoffLimit: 1 }))
  cluster.pass(5)
  endFirst(cluster, 'Failed')
  endFirst(cluster, 'Failed')
  expect(status(cluster).conditions).toMatchObject([{ type: 'Failed', status: 'True' }])
  expect(cluster.podNames()).toHaveLength(2)
})

test('a Job’s Pods may not be restarted for ever', () => {
  const cluster = virtualCluster(1)
  const always = job({ template: template({}) })
  expect(() => cluster.store.create(jobs, always)).toThrow(/restartPolicy: Unsupported value: "Always"/)
})
