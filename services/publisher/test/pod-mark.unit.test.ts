import { type Claim, emptyClaim } from '@pod-eip/domain'
import type { KubeObject } from '@pod-eip/kube'
import { describe, expect, test } from 'vitest'
import { ownNames } from '../src/own-names.ts'
import { type PodMark, podWrites, wantedMark } from '../src/pod/pod-mark.ts'
import { type SeenPod, seePod } from '../src/pod/seen-pod.ts'

const names = ownNames('tke.cloud.tencent.com')
const since = '2026-01-01T00:00:00.000Z'
const mark: PodMark = {
  ...{ podUid: 'a', reason: 'Bound', message: 'Bound.', since },
  eip: { id: 'eip-1', publicIp: '203.0.113.1' },
}
const unmark: PodMark = { ...mark, eip: null, reason: 'Unbinding', message: 'Unbinding.' }
const told = { [names.eipId]: 'eip-1', [names.publicIp]: '203.0.113.1' }

function pod(annotations: Record<string, string> = {}, rest: Partial<KubeObject> = {}): SeenPod {
  const metadata = { name: 'web-0', namespace: 'ns', uid: 'a', annotations }
  return seePod({ metadata, spec: {}, ...rest }, names)
}

const gated = { spec: { readinessGates: [{ conditionType: 'tke.cloud.tencent.com/eip-bound' }] } }

describe('what a Pod is told', () => {
  test('is its EIP, in two annotations', () => {
    expect(podWrites(pod(), mark, names)).toEqual({ annotations: told })
    expect(podWrites(pod(told), mark, names)).toEqual({})
  })

  test('is both when one of them is wrong: who applies only one lets go of the other', () => {
    const annotations = { ...told, [names.eipId]: 'eip-0' }
    expect(podWrites(pod(annotations), mark, names)).toEqual({ annotations: told })
  })

  test('is taken back when the EIP is unbound', () => {
    expect(podWrites(pod({ ...told, other: 'x' }), unmark, names)).toEqual({
      annotations: { [names.eipId]: null, [names.publicIp]: null },
    })
    expect(podWrites(pod(), unmark, names)).toEqual({})
  })

  test('includes the condition when its readiness waits for it, once', () => {
    const { condition } = podWrites(pod(told, gated), mark, names)
    expect(condition).toEqual({
      ...{ type: 'tke.cloud.tencent.com/eip-bound', status: 'True', reason: 'Bound', message: 'Bound.' },
      lastTransitionTime: since,
    })
    const conditions = [{ type: 'Ready' }, { ...condition, lastTransitionTime: '2026-01-01T00:00:00Z' }]
    expect(podWrites(pod(told, { ...gated, status: { conditions } }), mark, names)).toEqual({})
    expect(podWrites(pod({}, { ...gated, status: { conditions } }), unmark, names).condition).toMatchObject({
      ...{ status: 'False', reason: 'Unbinding' },
    })
  })
})

test('a Pod whose readiness waits is told why from the start, and one that says otherwise is put right', () => {
  const { condition } = podWrites(pod({}, gated), unmark, names)
  expect(condition).toMatchObject({ status: 'False', reason: 'Unbinding', lastTransitionTime: since })
  const conditions = [{ ...condition, status: 'True' }]
  expect(podWrites(pod({}, { ...gated, status: { conditions } }), unmark, names)).toEqual({ condition })
  expect(podWrites(pod(), unmark, names)).toEqual({})
})

describe('whom a claim has to tell', () => {
  const claim: Claim = {
    ...emptyClaim('ns/web-0'),
    ...{ phase: 'Bound', lastPrivateIp: '10.0.0.5' },
    address: { source: 'auto', id: 'eip-1', publicIp: '203.0.113.1', allocationId: 'a' },
    pod: {
      ...{ uid: 'a', resourceVersion: '1', request: {}, hostNetwork: false, node: 'n1' },
      ...{ privateIp: '10.0.0.5', controller: null, terminating: false, ended: null, correlationId: 'a' },
    },
    binding: {
      ...{ id: 'i', podUid: 'a', node: 'n1', privateIp: '10.0.0.5' },
      ...{ networkInterfaceId: 'eni-1', boundAt: since },
    },
  }

  test('is the Pod that the EIP is bound to', () => {
    expect(wantedMark(claim)).toMatchObject({ podUid: 'a', eip: { id: 'eip-1' } })
  })

  test('is not the next Pod of the name while the EIP is still bound to the last', () => {
    expect(wantedMark({ ...claim, pod: { ...claim.pod!, uid: 'b' } })).toMatchObject({
      podUid: 'b',
      eip: null,
    })
  })

  test('is nobody once the Pod has ended', () => {
    const ended = { ...claim.pod!, ended: { reason: 'Deleted', at: since } }
    expect(wantedMark({ ...claim, pod: ended })).toBeNull()
  })
})
