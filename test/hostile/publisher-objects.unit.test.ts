import { KubeError, type KubeObject } from '@pod-eip/kube'
import {
  ConfigTextError,
  ownNames,
  planList,
  readMarker,
  seeConfig,
  seeNode,
  seeObject,
  seePod,
} from '@pod-eip/publisher/seen'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hostileJson, hostileText, hostileTexts, spoiled, unprintable } from './hostile-text.ts'

const names = ownNames('tke.cloud.tencent.com')
const meta = { name: 'web-0', namespace: 'games', uid: 'uid-1', resourceVersion: '7' }
const managedFields = [
  {
    manager: 'kubectl-edit',
    time: '2026-01-01T00:00:00Z',
    fieldsV1: { 'f:status': {}, 'f:data': { 'f:config': {} } },
  },
]

const pod: KubeObject = {
  metadata: {
    ...meta,
    managedFields,
    annotations: { [names.publicIp]: '203.0.113.1', [names.eipId]: 'eip-1' },
  },
  spec: { readinessGates: [{ conditionType: names.readinessGate }] },
  status: { conditions: [{ type: names.readinessGate, status: 'False', reason: 'R', message: 'm' }] },
}
const node: KubeObject = {
  metadata: { ...meta, managedFields },
  status: { capacity: { [names.resource]: '3' } },
}
const eipClaim: KubeObject = {
  metadata: {
    ...{ ...meta, managedFields, generation: 2, labels: { a: 'b' }, finalizers: ['x'] },
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'web', uid: 'u' }],
  },
  spec: { source: 'auto' },
  status: { phase: 'Bound', eipId: 'eip-1', generation: 1 },
}
const place = { namespace: 'kube-system', name: 'ip-masq-agent-config', key: 'config' }
const config: KubeObject = {
  metadata: { ...meta, managedFields, annotations: { marker: '{"entries":[]}' } },
  data: { config: 'NonMasqueradeSrcCIDRs: []\n' },
}

describe('an object that no API server shows', () => {
  test.each([
    ['EIPClaim', eipClaim, (object: KubeObject) => seeObject(object, names)],
    ['Pod', pod, (object: KubeObject) => seePod(object, names)],
    ['Node', node, (object: KubeObject) => seeNode(object, names)],
    ['ConfigMap', config, (object: KubeObject) => seeConfig(object, place, 'marker')],
  ] as const)('is an error that is tried again, and no %s', (_, good, see) => {
    expect(see(good)).toBeDefined()
    // What has no name the reader of lists refuses before.
    const named = fc.oneof(hostileJson(), spoiled(good)).filter((object) => {
      const { metadata } = Object(object) as { metadata?: { name?: unknown } }
      return typeof metadata?.name === 'string' && metadata.name !== ''
    })
    fc.assert(
      fc.property(named, (object) => {
        try {
          const whole = see(object as KubeObject) as { uid: unknown; resourceVersion: string }
          // The configuration that is to be changed is kept as long as it is.
          const seen = { ...whole, text: undefined, annotation: undefined }
          expect(typeof seen.uid).toBe('string')
          expect(BigInt(seen.resourceVersion)).toBeGreaterThanOrEqual(0n)
          expect(JSON.stringify(seen).length).toBeLessThan(64 * 1024)
        } catch (error) {
          expect(error).toBeInstanceOf(KubeError)
          expect((error as Error).message.length).toBeLessThan(2_100)
          expect((error as Error).message).not.toMatch(unprintable)
        }
      }),
      { numRuns: 1_000 },
    )
  })
})

describe("the configuration of ip-masq-agent, which is the user's", () => {
  const addresses = ['10.1.0.1', '10.1.0.2']
  const lines = fc.constantFrom(
    ...[
      'NonMasqueradeSrcCIDRs:',
      '  - 10.0.0.1/32',
      '- "10.0.0.2/32"',
      'NonMasqueradeSrcCIDRs: [10.0.0.3/32]',
      '<<: *a',
    ],
    ...[
      'base: &a',
      '  NonMasqueradeSrcCIDRs: [1.1.1.1/32]',
      'ResyncInterval: 60s # why',
      '---',
      '...',
      '!!js/function x',
      '? [a]: b',
    ],
    ...[
      'nonmasqueradesrccidrs: null',
      '{"NonMasqueradeSrcCIDRs": [',
      '"10.0.0.4/32"]}',
      '\t',
      '# end',
      '&x [*x]',
      '%YAML 1.1',
    ],
  )
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
    .split('')
    .map((key, at) => `${key}: &${key} [${`*${'abcdefgh'[at]},`.repeat(9).slice(0, -1)}]\n`)
    .join('')}`
  const text = fc.oneof(
    fc
      .array(fc.oneof({ weight: 6, arbitrary: lines }, { weight: 1, arbitrary: hostileText() }), {
        maxLength: 8,
      })
      .map((some) => some.join('\n')),
    hostileText(),
    fc.constantFrom(bomb, `${bomb}<<: *i\n`, `${bomb}NonMasqueradeSrcCIDRs: *i\n`),
    hostileJson().map((json) => JSON.stringify({ NonMasqueradeSrcCIDRs: json })),
  )

  /** Either it is refused in a line, or nothing but our entries changes, and taking them out gives it back. */
  function isKept(given: string): void {
    let planned: ReturnType<typeof planList>
    try {
      planned = planList({ text: given, marker: null }, addresses)
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigTextError)
      expect((error as Error).message).not.toContain('\n')
      expect((error as Error).message.length).toBeLessThan(1_000)
      return
    }
    expect(planned.text.length).toBeLessThan(given.length + 1_000)
    expect(planList(planned, addresses)).toEqual(planned)
    const back = planList(planned, [])
    expect(back.marker).toBeNull()
    expect(planList({ text: back.text, marker: null }, []).text).toBe(back.text)
  }

  test.each(Object.entries(hostileTexts))('that is %s is refused in a line, or kept as it is', (_, given) => {
    isKept(given)
    isKept(`NonMasqueradeSrcCIDRs: [${given.slice(0, 5_000)}]`)
  })

  test('of any kind is refused in a line, or kept as it is', () => {
    fc.assert(fc.property(text, isKept), { numRuns: 1_000 })
  })

  test('and the mark of our entries in it, whatever somebody writes there, is read or none', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          hostileText(),
          hostileJson().map((json) => JSON.stringify(json) ?? ''),
        ),
        (annotation) => {
          const marker = readMarker(annotation)
          if (marker) for (const entry of marker.entries) expect(typeof entry).toBe('string')
        },
      ),
      { numRuns: 500 },
    )
  })
})
