import { describe, expect, test } from 'vitest'
import { describeClaim, eventStory, misspeltPolicyWarning } from '../src/index.ts'
import { tellStory } from './story.ts'

describe('a delete policy', () => {
  test.each(['never', 'Nevr', 'NEVER', ' Never', 'Newer', 'Nevver', 'Nver'])(
    '%j is meant to be Never',
    (text) => {
      expect(misspeltPolicyWarning({ deletePolicy: text })).toContain(
        `is ${JSON.stringify(text)} and not Never`,
      )
    },
  )

  test.each([undefined, '', ' ', 'Never', 'Release', 'Delete', 'Always', 'x'.repeat(8000)])(
    '%j says what it means',
    (text) => {
      expect(misspeltPolicyWarning(text === undefined ? {} : { deletePolicy: text })).toBeNull()
    },
  )

  test('that is misspelt releases, and is told once for each Pod, however often its other words change', () => {
    const story = tellStory()
    const pod = (uid: string, attributes: string) =>
      story.pod('ns/web-0', uid, { request: { attributes, deletePolicy: 'never' } })
    const warnings = () =>
      story.log
        .map(eventStory)
        .filter((told) => told?.reason === 'MisspeltDeletePolicy')
        .map((told) => told!.message)
    pod('a', '{}')
    pod('a', '{"Bandwidth":"10"}')
    expect(warnings()).toEqual([
      'Annotation eip-claim-delete-policy is "never" and not Never, so the EIP is released when the Pod ends; write Never to keep it, or remove the annotation.',
    ])
    expect(story.claimOf('ns/web-0')).toMatchObject({ phase: 'Allocating', terms: { static: false } })
    const accepted = () => describeClaim(story.claimOf('ns/web-0')).status.conditions[0]!
    expect(accepted()).toMatchObject({ status: 'True', reason: 'Accepted' })
    expect(accepted().message).toMatch(
      /^The request was understood: .*; but annotation .* is "never" and not Never/,
    )
    story.ended('ns/web-0', 'a')
    story.cloudDoes('ns/web-0')
    story.cloudDoes('ns/web-0')
    pod('b', '{}')
    expect(warnings()).toHaveLength(2)
    story.pod('ns/web-0', 'b', { request: { attributes: '{}', deletePolicy: 'Never' } })
    expect(accepted().message).not.toContain('but annotation')
    expect(story.log.map(eventStory).filter((told) => told?.reason === 'WarningCleared')).toMatchObject([
      {
        type: 'Normal',
        message: 'Annotation eip-claim-delete-policy was put right: what it says now counts.',
      },
    ])
    expect(story.claimOf('ns/web-0').terms?.static).toBe(true)
  })
})
