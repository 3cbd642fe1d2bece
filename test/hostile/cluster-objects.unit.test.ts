import {
  attributesJsonSchema,
  type Claim,
  type DomainEvent,
  decideWorld,
  describeClaim,
  emptyWorld,
  foldEvent,
  installationMarks,
  maxAnnotationLength,
  type NewDomainEvent,
  newEvent,
  parseClaimTerms,
} from '@pod-eip/domain'
import { storableText } from '@pod-eip/event-log'
import { KubeError, type KubeObject } from '@pod-eip/kube'
import { seededIds, seededRandom } from '@pod-eip/runtime'
import { projectEipClaim, projectNode, projectPod } from '@pod-eip/watcher/project'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hostileJson, hostileText, hostileTexts, spoiled, unprintable } from './hostile-text.ts'

const domain = 'tke.cloud.tencent.com'
const meta = { name: 'web-0', namespace: 'games', uid: 'uid-1', resourceVersion: '7' }
const fields = ['eip-attributes', 'eip-claim-delete-policy', 'eip-id-list', 'claim-expired-duration']

/** A Pod that an API server takes: annotations may be any text. */
const podWith = (annotations: Record<string, string>): KubeObject => ({
  metadata: { ...meta, annotations },
  spec: { nodeName: '10.0.0.1' },
  status: { phase: 'Running', podIP: '10.1.0.1' },
})

const attributeFields = Object.keys((attributesJsonSchema() as { properties: object }).properties)
/** The fields that are read, with values that they should not have. */
const attributes = fc
  .dictionary(fc.constantFrom(...attributeFields), hostileJson())
  .map((object) => JSON.stringify(object))

/** Annotations of which each may be hostile, or not there. */
const annotations = fc
  .tuple(...fields.map(() => fc.option(fc.oneof(hostileText(), attributes))))
  .map((values) =>
    Object.fromEntries(
      fields.flatMap((field, at) => (values[at] === null ? [] : [[`${domain}/${field}`, values[at]!]])),
    ),
  )

/** What becomes of the Pod: the events, and the claim after them. */
function storyOfPod(pod: KubeObject): { events: DomainEvent[]; claim: Claim | undefined } {
  const seen = projectPod(pod, domain)
  if (!seen.request) return { events: [], claim: undefined }
  const { uid: podUid, end: _, ...facts } = seen
  const world = emptyWorld()
  const observed = newEvent('PodObserved', { ...facts, podUid, owner: null }) as NewDomainEvent
  const at = { occurredAt: '2026-01-01T00:00:00.000Z', correlationId: podUid }
  const first = { ...observed, ...at, position: 1 } as DomainEvent
  foldEvent(world, first)
  const ids = seededIds(seededRandom(1))
  const settings = { claimExpiredMs: null, cascade: false }
  const context = { now: at.occurredAt, nextId: () => ids.next(), settings }
  const { decisions } = decideWorld(world, [seen.claim], [], 1, context)
  const events = decisions.map(({ event, position }) => ({ ...event, ...at, position }) as DomainEvent)
  return { events: [first, ...events], claim: world.claims.get(seen.claim) }
}

function isOneSentence(message: string): void {
  expect(message.length).toBeLessThanOrEqual(1_024)
  expect(message).not.toMatch(unprintable)
}

function isHarmless(pod: KubeObject): void {
  const { events, claim } = storyOfPod(pod)
  for (const event of events) {
    // Four annotations, each cut, and in JSON each letter six at most.
    expect(JSON.stringify(event.data).length).toBeLessThan(4 * 6 * (maxAnnotationLength + 100))
    expect(JSON.stringify(storableText(JSON.stringify(event.data)))).toBe(
      JSON.stringify(JSON.stringify(event.data)),
    )
  }
  if (!claim) return
  for (const { message } of describeClaim(claim).status.conditions) isOneSentence(message ?? '')
  expect(JSON.stringify(describeClaim(claim)).length).toBeLessThan(64 * 1024)
  expect(Object.prototype).not.toHaveProperty('Bandwidth')
  expect(({} as Record<string, unknown>).ISP).toBeUndefined()
}

describe('annotations of a Pod', () => {
  test.each(Object.entries(hostileTexts))('that are %s end in one sentence or in a claim', (_, text) => {
    for (const field of fields) {
      isHarmless(podWith({ [`${domain}/eip-attributes`]: '{}', [`${domain}/${field}`]: text }))
      isHarmless(podWith({ [`${domain}/${field}`]: text }))
    }
  })

  test('of any kind end in one sentence or in a claim', () => {
    fc.assert(
      fc.property(annotations, (given) => isHarmless(podWith(given))),
      { numRuns: 1_000 },
    )
  })

  test('give the cloud no text that it does not take, whatever they say', () => {
    // Of random texts next to all are refused; of good ones with a few letters more not so many.
    const good = fc.string({ unit: fc.constantFrom('a', 'Z', '7', '-', '_', '.'), minLength: 1 })
    const spoilt = fc.tuple(good, hostileText()).map(([begin, bad]) => begin + bad.slice(0, 2))
    const nearly = fc.oneof({ weight: 9, arbitrary: good }, { weight: 1, arbitrary: spoilt })
    const given = fc.record(
      {
        AddressName: nearly,
        InternetServiceProvider: nearly,
        Egress: nearly,
        BandwidthPackageId: nearly,
        Tags: fc.array(fc.record({ Key: nearly, Value: nearly }), { maxLength: 3 }),
      },
      { requiredKeys: [] },
    )
    let accepted = 0
    fc.assert(
      fc.property(given, (texts) => {
        const { claim } = storyOfPod(podWith({ [`${domain}/eip-attributes`]: JSON.stringify(texts) }))
        const terms = claim?.terms
        if (terms?.source !== 'auto') return
        accepted += 1
        const { addressName = '', tags = [], internetServiceProvider, egress = '' } = terms.attributes
        const sent = [addressName, internetServiceProvider, egress, ...tags.flatMap((t) => [t.key, t.value])]
        for (const text of sent) {
          expect(text).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u)
          expect(text).toBe(text.trim())
          expect(text.length).toBeLessThanOrEqual(255)
        }
        expect(addressName).toMatch(/^[\p{L}\p{M}\p{N}._-]{0,128}$/u)
      }),
      { numRuns: 2_000 },
    )
    expect(accepted).toBeGreaterThan(100)
  })

  test('are understood the same way every time, and never throw', () => {
    fc.assert(
      fc.property(hostileText(), hostileText(), (attributes, deletePolicy) => {
        const pod = { name: 'web-0', controllerKind: null }
        const request = { attributes, deletePolicy }
        expect(parseClaimTerms(request, pod)).toEqual(parseClaimTerms(request, pod))
      }),
      { numRuns: 500 },
    )
  })

  test.each(attributeFields)('an object in the place of %s that cannot be compared stops nobody', (field) => {
    for (const value of ['{"length":{"toString":{}}}', '[{"Key":{"length":{"toString":{}}},"Value":"v"}]']) {
      const terms = parseClaimTerms(
        { attributes: `{"${field}":${value}}` },
        { name: 'a', controllerKind: null },
      )
      expect(terms).toMatchObject({
        ok: false,
        message: expect.stringContaining('annotation eip-attributes'),
      })
    }
  })

  test('a megabyte is recorded as its beginning', () => {
    const pod = podWith(
      Object.fromEntries(fields.map((field) => [`${domain}/${field}`, hostileTexts['a megabyte']])),
    )
    const [observed] = storyOfPod(pod).events
    expect(JSON.stringify(observed!.data).length).toBeLessThan(4 * 8_300)
  })

  test('half an emoji at the cut can be stored', () => {
    isHarmless(podWith({ [`${domain}/eip-attributes`]: hostileTexts['half an emoji at the cut'] }))
  })
})

describe('an object that no API server shows', () => {
  const node: KubeObject = {
    metadata: { name: '10.0.0.1', uid: 'n-1', resourceVersion: '7', labels: { a: 'b' } },
    spec: { providerID: 'qcloud:///800006/ins-1' },
    status: { capacity: { cpu: '4' }, addresses: [{ type: 'InternalIP', address: '10.0.0.1' }] },
  }
  const eipClaim: KubeObject = {
    metadata: { ...meta, ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'web-0', uid: 'u' }] },
    status: { phase: 'Bound' },
  }
  const pod = podWith({ [`${domain}/eip-attributes`]: '{}' })

  test.each([
    ['Pod', pod, (object: KubeObject) => projectPod(object, domain)],
    ['Node', node, projectNode],
    ['EIPClaim', eipClaim, (object: KubeObject) => projectEipClaim(object, installationMarks(domain))],
  ] as const)('is an error that is tried again, and no %s', (_, good, project) => {
    expect(project(good)).toBeDefined()
    fc.assert(
      fc.property(fc.oneof(hostileJson(), spoiled(good)), (object) => {
        try {
          project(object as KubeObject)
        } catch (error) {
          expect(error).toBeInstanceOf(KubeError)
          expect((error as Error).message.length).toBeLessThan(2_100)
          expect((error as Error).message).not.toMatch(unprintable)
        }
      }),
      { numRuns: 500 },
    )
  })
})
