import { describe, expect, test } from 'vitest'
import {
  type Claim,
  type ClaimPhase,
  claimPhases,
  describeClaim,
  emptyClaim,
  type Problem,
  type RefusalReason,
  slotSentence,
} from '../src/index.ts'
import { tellStory } from './story.ts'

const t1 = '2026-01-01T00:00:01.000Z'
const later = '2026-01-01T01:00:00.000Z'
const placed = { node: 'n1', privateIp: '10.0.0.5' }
const kept = { request: { attributes: '{}', deletePolicy: 'Never' } }

function problem(facts: Partial<Problem>): Problem {
  return {
    ...{ reason: facts.code ?? '', message: '', code: '', requestId: '' },
    ...{ since: t1, retryAt: '', retryEveryMs: 0, tries: 0, toldAt: t1 },
    ...facts,
  }
}

const full = {
  node: 'n1',
  reason: 'NodeQuotaExhausted' as const,
  slots: { limit: 2, heldBy: { named: ['ns/a'], total: 1 }, foreign: ['eip-x'], refused: true },
}

/** Every kind of problem that the rules put into a claim. */
const problems: Record<string, Problem | null> = {
  none: null,
  invalid: problem({ reason: 'Invalid', message: 'annotation eip-attributes is not JSON: "x"; write it.' }),
  hostNetwork: problem({ reason: 'HostNetwork', message: 'The Pod uses hostNetwork; remove it.' }),
  quota: problem({ reason: 'NodeQuotaExhausted', message: slotSentence(full) }),
  nodeUnknown: problem({
    reason: 'NodeUnknown',
    message: slotSentence({ node: 'n1', reason: 'NodeUnknown', slots: null }),
  }),
  delayed: problem({
    code: 'LimitExceeded.InstanceAddressQuota',
    message: 'limit',
    requestId: 'r',
    retryAt: later,
    retryEveryMs: 600_000,
  }),
  terminal: problem({ code: 'UnauthorizedOperation.CamNoAuth', message: 'no auth', requestId: 'r' }),
  unheardOf: problem({ code: 'Strange.Thing-1', message: 'strange\nthing', requestId: 'r' }),
  ours: problem({ code: 'NetworkInterfaceNotFound', message: 'The cloud knows no interface; check it.' }),
}

function refusalOf({ reason, message }: Problem) {
  return { reason: reason as RefusalReason, message }
}

/** A claim as it can stand in a phase. */
function claimIn(phase: ClaimPhase, why: Problem | null): Claim {
  const hasAddress = !['Pending', 'Allocating', 'Released'].includes(phase)
  const hasBinding = ['Binding', 'Bound', 'Unbinding'].includes(phase)
  const story = tellStory()
  story.node('n1')
  story.pod('ns/web-0', 'a', placed)
  const begun = story.claimOf('ns/web-0')
  const address = hasAddress
    ? ({ source: 'auto', id: 'eip-1', publicIp: '203.0.113.1', allocationId: 'a' } as const)
    : null
  const refused = why?.reason === 'Invalid' || why?.reason === 'HostNetwork'
  return {
    ...begun,
    phase,
    address,
    problem: why,
    intent: null,
    judged: begun.judged && { ...begun.judged, accepted: !refused, refusal: refused ? refusalOf(why) : null },
    retained: phase === 'Retained' ? { since: t1, until: later, due: false } : null,
    reclaim: phase === 'Releasing' || phase === 'Released' ? 'ManualReclaim' : null,
    binding: hasBinding
      ? {
          ...{ id: 'i', podUid: 'a', node: 'n1', privateIp: '10.0.0.5' },
          networkInterfaceId: 'eni-1',
          boundAt: t1,
        }
      : null,
    conditions: {
      Accepted: { status: !refused && phase !== 'Released', since: t1 },
      Allocated: { status: hasAddress, since: t1 },
      Bound: { status: phase === 'Bound', since: t1 },
    },
  }
}

function conditionOf(claim: Claim, type: string) {
  return describeClaim(claim).status.conditions.find((c) => c.type === type)!
}

describe('the conditions of a claim', () => {
  const table = claimPhases.flatMap((phase) => Object.keys(problems).map((name) => [phase, name] as const))
  test.each(table)('say one sentence each: %s, problem %s', (phase, name) => {
    const { conditions } = describeClaim(claimIn(phase, problems[name]!)).status
    expect(conditions.map((c) => c.type)).toEqual(['Accepted', 'Allocated', 'Bound', 'Ready'])
    for (const { reason, message, lastTransitionTime } of conditions) {
      expect(reason).toMatch(/^[A-Za-z][A-Za-z0-9]*$/)
      expect(message).toMatch(/^[A-Z].*[^.]\.$/)
      expect(message).not.toMatch(/undefined|null|\n|\. [A-Z]/)
      expect(lastTransitionTime).toBe(t1)
    }
  })

  test.each(Object.keys(problems).filter((name) => problems[name]))(
    'show the problem wherever it holds the claim up: %s',
    (name) => {
      const why = problems[name]!
      const phase = why.reason === 'Invalid' || why.reason === 'HostNetwork' ? 'Pending' : 'Allocated'
      expect(conditionOf(claimIn(phase, why), 'Ready').reason).toBe(why.reason.replace(/[^A-Za-z0-9]/g, ''))
    },
  )

  test('say what the cloud refused, what to do, when it goes on and the RequestId', () => {
    const { reason, message } = conditionOf(claimIn('Allocated', problems.delayed!), 'Ready')
    expect(reason).toBe('LimitExceededInstanceAddressQuota')
    expect(message).toContain("could not be bound because the node's CVM has all the public addresses")
    expect(message).toContain('Tencent Cloud answered "')
    expect(message).toContain(
      '(LimitExceeded.InstanceAddressQuota, RequestId r); unbind one of its other EIPs',
    )
    expect(message).toMatch(/, tried again at least every 10m\.$/)
  })

  test('say of a refusal that lasts how often it was tried, and what stays true between two tellings', () => {
    const lasting = problem({ ...problems.delayed!, tries: 8, toldAt: '2026-01-01T00:30:00.000Z' })
    const { message } = conditionOf(claimIn('Allocated', lasting), 'Ready')
    expect(message).toMatch(
      /, tried 8 times from 2026-01-01T00:00:01.000Z to 2026-01-01T00:30:00.000Z and again at least every 10m\.$/,
    )
    expect(message).not.toContain(later)
  })

  test("quote the cloud's own words for a code that nobody knows, on one line", () => {
    expect(conditionOf(claimIn('Pending', problems.unheardOf!), 'Allocated').message).toContain(
      'Tencent Cloud answered "strange thing" (Strange.Thing-1, RequestId r)',
    )
  })

  test('name a refused edit of the annotations, and the Pod stays ready while it is bound', () => {
    const story = tellStory()
    story.node('n1')
    story.pod('ns/web-0', 'a', placed)
    story.cloudDoes('ns/web-0')
    story.cloudDoes('ns/web-0')
    story.pod('ns/web-0', 'a', { ...placed, request: { attributes: '{"ISP":"?"}' } })
    const claim = story.claimOf('ns/web-0')
    expect(conditionOf(claim, 'Accepted')).toMatchObject({ status: 'False', reason: 'Invalid' })
    expect(conditionOf(claim, 'Ready').status).toBe('True')
  })
})

describe('what a claim says of itself', () => {
  function bound(facts: Parameters<ReturnType<typeof tellStory>['pod']>[2] = {}) {
    const story = tellStory({ claimExpiredMs: 3_600_000, cascade: false })
    story.node('n1')
    story.pod('ns/web-0', 'a', { ...placed, ...facts })
    story.cloudDoes('ns/web-0')
    story.cloudDoes('ns/web-0')
    return story
  }

  test('bound: the address, the place and the Pod', () => {
    const { spec, status } = describeClaim(bound(kept).claimOf('ns/web-0'))
    expect(spec).toMatchObject({ source: 'auto', deletePolicy: 'Never', podUID: 'a' })
    expect(status).toMatchObject({
      ...{ phase: 'Bound', generation: 1, nodeName: 'n1', privateIp: '10.0.0.5', podUID: 'a' },
      ...{ eipId: 'eip-id-1', publicIp: '203.0.113.1', networkInterfaceId: 'eni-1' },
    })
    expect(status.boundAt).toBeDefined()
  })

  test('waiting for a slot: the node that the Pod is on, and no other part of a binding', () => {
    const story = tellStory()
    story.node('n1', null)
    story.pod('ns/web-0', 'a', placed)
    story.cloudDoes('ns/web-0')
    const { status } = describeClaim(story.claimOf('ns/web-0'))
    expect(status).toMatchObject({ phase: 'Allocated', nodeName: 'n1' })
    expect(status).not.toHaveProperty('privateIp')
    expect(status).not.toHaveProperty('podUID')
  })

  test('retained: since when and until when, and no place', () => {
    const story = bound(kept)
    story.ended('ns/web-0', 'a')
    story.cloudDoes('ns/web-0')
    const { spec, status } = describeClaim(story.claimOf('ns/web-0'))
    expect(Date.parse(status.retainedUntil!) - Date.parse(status.retainedSince!)).toBe(3_600_000)
    expect(status).not.toHaveProperty('nodeName')
    expect(spec).not.toHaveProperty('podUID')
  })

  test('refused: where it wanted its EIP from', () => {
    const story = tellStory()
    story.pod('ns/web-0', 'a', { request: { idList: 'eip-a, eip-b,?' } })
    expect(describeClaim(story.claimOf('ns/web-0')).spec).toEqual({
      ...{ source: 'listed', eipIds: ['eip-a', 'eip-b'], podUID: 'a' },
    })
  })

  test('releasing, refused: the refusal stays told when another Pod of the name comes and is accepted', () => {
    const story = bound(kept)
    story.ended('ns/web-0', 'a')
    story.cloudDoes('ns/web-0')
    story.happen('EipClaimDeletionRequested', {
      ...{ claim: 'ns/web-0', objectUid: 'o', namespaceTerminating: false, collectedWith: null },
    })
    const { intent, generation } = story.claimOf('ns/web-0')
    const refusal = { code: 'UnauthorizedOperation', message: 'no permission', requestId: 'r' }
    story.happen('CloudCallDelayed', {
      ...{ claim: 'ns/web-0', generation, intentId: intent!.id, action: 'release', ...refusal },
      ...{ retryAt: later, retryEveryMs: 600_000, tries: 1, since: t1, news: true },
    })
    story.pod('ns/web-0', 'b', kept)
    expect(story.claimOf('ns/web-0').judged).toMatchObject({ podUid: 'b', accepted: true })
    expect(describeClaim(story.claimOf('ns/web-0')).status.conditions.at(-1)?.message).toContain(
      'UnauthorizedOperation',
    )
  })

  test('binding, refused: the refusal comes back once a request that could not be understood is mended', () => {
    const story = tellStory()
    story.node('n1')
    story.pod('ns/web-0', 'a', kept)
    story.cloudDoes('ns/web-0')
    story.pod('ns/web-0', 'a', { ...kept, ...placed })
    const { intent, generation } = story.claimOf('ns/web-0')
    expect(intent?.action).toBe('associate')
    story.happen('CloudCallDelayed', {
      ...{ claim: 'ns/web-0', generation, intentId: intent!.id, action: 'associate' },
      ...{ code: 'UnauthorizedOperation', message: 'no permission', requestId: 'r' },
      ...{ retryAt: later, retryEveryMs: 600_000, tries: 1, since: t1, news: true },
    })
    const ready = () => describeClaim(story.claimOf('ns/web-0')).status.conditions.at(-1)?.message
    story.pod('ns/web-0', 'a', { ...placed, request: { ...kept.request, attributes: '{' } })
    expect(ready()).not.toContain('UnauthorizedOperation')
    story.pod('ns/web-0', 'a', { ...kept, ...placed })
    expect(ready()).toContain('UnauthorizedOperation')
    story.cloudDoes('ns/web-0')
    expect(story.claimOf('ns/web-0').problem).toBeNull()
  })

  test('own expiry: as a Go duration', () => {
    const story = bound({ request: { ...kept.request, claimExpiredDuration: '90m' } })
    expect(describeClaim(story.claimOf('ns/web-0')).spec.claimExpiredDuration).toBe('1h30m')
  })

  test('nothing known: still no error', () => {
    expect(describeClaim(emptyClaim('ns/web-0')).status.phase).toBe('Released')
  })
})
