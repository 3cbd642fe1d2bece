import { defaultAnnotationDomain, installationMarks, maxAnnotationLength } from '@pod-eip/domain'
import { describe, expect, test } from 'vitest'
import { projectEipClaim } from '../src/project/project-eip-claim.ts'
import { projectNode } from '../src/project/project-node.ts'
import { projectPod } from '../src/project/project-pod.ts'
import { nodeObject, podObject } from './testing/objects.ts'

const domain = 'tke.cloud.tencent.com'

describe('a Pod', () => {
  test('is kept as the facts that the rules need, and no more', () => {
    const object = podObject({ node: '10.0.0.1', ip: '172.16.0.5', resourceVersion: 77 })
    expect(projectPod(object, domain)).toEqual({
      claim: 'default/web-0',
      uid: 'uid-1',
      resourceVersion: '77',
      request: { attributes: '{}' },
      hostNetwork: false,
      node: '10.0.0.1',
      privateIp: '172.16.0.5',
      controller: null,
      terminating: false,
      createdAt: '2026-01-01T00:00:00Z',
      end: null,
    })
  })

  test('without spec and status is one of which nothing is known yet', () => {
    const { metadata } = podObject({ annotations: {} })
    expect(projectPod({ metadata }, domain)).toMatchObject({ request: null, node: null, privateIp: null })
  })

  test('asks only under the configured domain', () => {
    expect(projectPod(podObject(), 'eip.example.com').request).toBeNull()
    const own = podObject({ annotations: { 'eip.example.com/eip-attributes': '{"Bandwidth":"5"}' } })
    expect(projectPod(own, 'eip.example.com').request).toEqual({ attributes: '{"Bandwidth":"5"}' })
  })

  test.each([
    ['NUL', 'a\0b', 'a\uFFFDb'],
    ['half a surrogate pair', 'a\uD83D', 'a\uFFFD'],
    [
      'a pair that the length limit cuts',
      `${'x'.repeat(maxAnnotationLength)}😀`,
      `${'x'.repeat(maxAnnotationLength)}\uFFFD`,
    ],
  ])('whose annotation has %s is kept as the log can hold it', (_, given, kept) => {
    const object = podObject({ annotations: { [`${domain}/eip-attributes`]: given } })
    expect(projectPod(object, domain).request).toEqual({ attributes: kept })
  })

  test.each([
    [{ phase: 'Pending' }, false, null],
    [{ phase: 'Running' }, true, null],
    [{ phase: 'Unknown' }, false, null],
    [{ phase: 'Succeeded' }, false, { reason: 'Succeeded' }],
    [{ phase: 'Failed', message: 'OOM' }, false, { reason: 'Failed', message: 'OOM' }],
    [{ phase: 'Failed', reason: 'Evicted', message: 'disk' }, false, { reason: 'Evicted', message: 'disk' }],
    [{ phase: 'Failed', reason: 'Evicted' }, true, { reason: 'Evicted' }],
    [{ phase: 'Succeeded' }, true, { reason: 'Deleted' }],
    [{ phase: 'Failed' }, true, { reason: 'Deleted' }],
  ])('with status %o (deletion asked for: %s) has ended with %o', (status, deleting, end) => {
    const seen = projectPod(podObject({ status, deleting }), domain)
    expect(seen.end).toEqual(end)
    expect(seen.terminating).toBe(deleting)
  })

  test('that no API server would send is refused in one sentence that names it', () => {
    const object = podObject({ resourceVersion: 'abc' })
    expect(() => projectPod(object, domain)).toThrow(/Pod default\/web-0 .*metadata\.resourceVersion/)
  })
})

describe('a Node', () => {
  test.each([
    ['qcloud:///800006/ins-0a1b2c3d', {}, 'ins-0a1b2c3d'],
    ['qcloud:///ins-0a1b2c3d', {}, 'ins-0a1b2c3d'],
    [undefined, { 'cloud.tencent.com/node-instance-id': 'ins-9z' }, 'ins-9z'],
    ['qcloud:///800006/ins-1', { 'cloud.tencent.com/node-instance-id': 'ins-2' }, 'ins-1'],
    ['aws:///eu/ins-1', {}, null],
    ['qcloud:///800006/eklet-subnet-1', {}, null],
    ['', { 'cloud.tencent.com/node-instance-id': '' }, null],
    ['kwok://node', {}, null],
  ])('of provider %s with labels %o is instance %s', (providerId, labels, instanceId) => {
    const object = nodeObject({ ...(providerId !== undefined && { providerId }), labels })
    expect(projectNode(object).instanceId).toBe(instanceId)
  })

  test.each([
    ['8', 8],
    [8, 8],
    ['7910m', 8],
    ['8000m', 8],
    ['0.5', 1],
    ['100m', 1],
    ['0', null],
    ['lots', null],
    ['-4', null],
    [undefined, null],
  ])('with CPU capacity %s has %s cores', (cpu, cores) => {
    expect(projectNode(nodeObject({ ...(cpu !== undefined && { cpu }) })).cpu).toBe(cores)
  })

  test.each([
    ['S5.SMALL1', 1],
    ['S5.MEDIUM4', 2],
    ['SA2.LARGE8', 4],
    ['S6.XLARGE8', 4],
    ['S5.2XLARGE16', 8],
    ['BMS5.21XLARGE', 84],
    ['eklet', null],
  ])('of type %s that shows no capacity yet has %s cores', (type, cores) => {
    const { metadata } = nodeObject()
    for (const label of ['node.kubernetes.io/instance-type', 'beta.kubernetes.io/instance-type']) {
      expect(projectNode({ metadata: { ...metadata, labels: { [label]: type } } }).cpu).toBe(cores)
    }
  })

  test('shows its own address', () => {
    const addresses = [
      { type: 'Hostname', address: 'n1' },
      { type: 'InternalIP', address: '10.0.0.4' },
    ]
    expect(projectNode({ ...nodeObject(), status: { addresses } }).internalIp).toBe('10.0.0.4')
  })

  test('without spec and status is one of which nothing is known yet', () => {
    const { metadata } = nodeObject()
    expect(projectNode({ metadata: { ...metadata, labels: {} } })).toMatchObject({
      ...{ node: '10.0.0.1', instanceId: null, cpu: null, internalIp: null },
    })
  })
})

test.each([
  [undefined, undefined, { deletionRequested: false, released: false }],
  ['2026-01-01T00:00:00Z', { phase: 'Bound' }, { deletionRequested: true, released: false }],
  ['2026-01-01T00:00:00Z', { phase: 'Released' }, { deletionRequested: true, released: true }],
])('an EIPClaim deleted at %s with status %o is %o', (deletionTimestamp, status, kept) => {
  const creationTimestamp = '2025-12-31T23:59:59Z'
  const metadata = { name: 'web-0', namespace: 'default', uid: 'c1', resourceVersion: '5', creationTimestamp }
  const object = { metadata: { ...metadata, ...(deletionTimestamp && { deletionTimestamp }) }, status }
  const createdAt = Date.parse(creationTimestamp)
  expect(projectEipClaim(object, installationMarks(defaultAnnotationDomain))).toEqual({
    ...{ claim: 'default/web-0', uid: 'c1', createdAt, ours: false, owners: [] },
    ...kept,
  })
})
