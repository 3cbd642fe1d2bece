import { describe, expect, test } from 'vitest'
import { type DomainEvent, type EventData, type EventType, eventStory, newEvent } from '../src/index.ts'
import { tellStory } from './story.ts'

function told<T extends EventType>(type: T, data: EventData[T]) {
  return eventStory({
    ...newEvent(type, data),
    position: 1,
    occurredAt: '2026-01-01T00:00:00.000Z',
    correlationId: '',
  } as DomainEvent)
}

const outcome = { claim: 'ns/web-0', generation: 1, intentId: 'i' }
const refusal = { code: 'AddressQuotaLimitExceeded', message: 'quota', requestId: 'r' }

const retryAt = '2026-01-01T01:00:00.000Z'

describe('the Events of a claim', () => {
  test('tell its whole life once each', () => {
    const story = tellStory()
    const kept = { request: { attributes: '{}', deletePolicy: 'Never' }, node: 'n1', privateIp: '10.0.0.5' }
    story.node('n1')
    story.pod('ns/web-0', 'a', kept)
    story.cloudDoes('ns/web-0')
    story.cloudDoes('ns/web-0')
    story.ended('ns/web-0', 'a')
    story.cloudDoes('ns/web-0')
    story.happen('EipClaimDeletionRequested', {
      claim: 'ns/web-0',
      objectUid: 'o',
      ...{ namespaceTerminating: false, collectedWith: null },
    })
    story.cloudDoes('ns/web-0')
    const stories = story.log.map(eventStory).filter((s) => s !== null)
    expect(stories.map((s) => s.reason)).toEqual([
      'AllocatedEip',
      'AssociatedEip',
      'DisassociatedEip',
      'RetainedEip',
      'ReleasingEip',
      'ReleasedEip',
    ])
    for (const { message } of stories) expect(message).toMatch(/^[A-Z].*[^.]\.$/)
  })

  test.each([
    ['allocate', 'FailedAllocateEIP', true],
    ['associate', 'FailedAssociateEip', true],
    ['disassociate', 'FailedDisassociateEip', false],
    ['release', 'FailedReleaseEip', false],
  ] as const)('warn of a delayed %s as %s', (action, reason, onPod) => {
    const delay = { retryAt, retryEveryMs: 600_000, tries: 1, since: retryAt }
    const story = told('CloudCallDelayed', { ...outcome, ...refusal, ...delay, action, news: true })
    expect(story).toMatchObject({ type: 'Warning', reason, onPod, onClaim: true })
    expect(story!.message).toContain('RequestId r')
    expect(story!.message).toMatch(/, tried again at least every 10m\.$/)
    expect(story!.message).not.toContain(retryAt)
    expect(told('CloudCallDelayed', { ...outcome, ...refusal, ...delay, action, news: false })).toBeNull()
  })

  test('warn of a full node, and only mention one that is not known yet', () => {
    const at = { claim: 'ns/web-0', generation: 1, podUid: 'a', node: 'n1' }
    const slots = { limit: 2, heldBy: { named: ['ns/a'], total: 1 }, foreign: [], refused: false }
    const again = { ...at, reason: 'NodeQuotaExhausted', slots, news: false } as const
    expect(told('SlotAwaited', again)).toBeNull()
    expect(told('SlotAwaited', { ...at, reason: 'NodeQuotaExhausted', slots, news: true })).toMatchObject({
      type: 'Warning',
    })
    expect(told('SlotAwaited', { ...at, reason: 'NodeUnknown', slots: null, news: true })).toMatchObject({
      type: 'Normal',
    })
  })

  test('say what is wrong with a request', () => {
    const message = 'annotation eip-attributes is wrong; write it right.'
    const at = { claim: 'ns/web-0', generation: 1, podUid: 'a' }
    expect(told('RequestRefused', { ...at, reason: 'Invalid', message })).toMatchObject({
      ...{ type: 'Warning', reason: 'InvalidEipRequest' },
      message: 'Annotation eip-attributes is wrong; write it right.',
    })
  })
})
