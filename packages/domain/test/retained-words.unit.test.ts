import { expect, test } from 'vitest'
import { describeClaim } from '../src/index.ts'
import { tellStory } from './story.ts'

const key = 'ns/web-0'
const words = { attributes: '{}', deletePolicy: 'Never' }
const placed = { node: 'n1', privateIp: '10.0.0.5' }
const wrong =
  'annotation claim-expired-duration is "1m"; give a Go duration of at least 5m, such as 1h, or 0 for never.'

/** A kept EIP whose Pod was annotated with one expiry after the other before it ended. */
function kept(claimExpiredMs: number | null, ...expiries: (string | undefined)[]) {
  const story = tellStory({ claimExpiredMs, cascade: false })
  story.node('n1')
  story.pod(key, 'a', { ...placed, request: words })
  story.cloudDoes(key)
  story.cloudDoes(key)
  for (const claimExpiredDuration of expiries) {
    story.pod(key, 'a', {
      ...{ ...placed, request: { ...words, ...(claimExpiredDuration && { claimExpiredDuration }) } },
    })
  }
  story.ended(key, 'a')
  story.cloudDoes(key)
  return story
}

function ready(story: ReturnType<typeof tellStory>) {
  return describeClaim(story.claimOf(key)).status.conditions.find(({ type }) => type === 'Ready')!
}

test('a wrong expiry: the EIP is kept by the setting, and what is wrong', () => {
  const story = kept(3_600_000, '1m')
  const until = story.claimOf(key).retained!.until
  expect(ready(story)).toMatchObject({
    ...{ status: 'False', reason: 'Invalid' },
    message: `EIP eip-id-1 (203.0.113.1) is kept until ${until} by the setting for the next Pod named web-0; delete the EIPClaim to release it sooner; but ${wrong}`,
  })
})

test('a wrong expiry without a setting: the EIP is kept for ever', () => {
  expect(ready(kept(null, '1m')).message).toMatch(
    / is kept without an end by the setting for the next Pod .*; but ann/,
  )
})

test('a wrong expiry after a right one: that one counts', () => {
  const story = kept(null, '30m', '1m')
  const until = story.claimOf(key).retained!.until
  expect(until).not.toBeNull()
  expect(ready(story).message).toContain(
    ` is kept until ${until} by the Pod's last words that were understood for `,
  )
})

test('a right expiry: nothing but how long', () => {
  expect(ready(kept(null, '30m'))).toMatchObject({
    reason: 'Retained',
    message: expect.stringMatching(/ is kept until \S+ for the next Pod named web-0; delete [^;]*\.$/),
  })
})

test('a later Pod whose words are refused does not get the EIP, and it is kept', () => {
  const story = kept(3_600_000)
  story.pod(key, 'b', { ...placed, request: { ...words, claimExpiredDuration: '1m' } })
  const until = story.claimOf(key).retained!.until
  expect(ready(story)).toMatchObject({
    reason: 'Invalid',
    message: `EIP eip-id-1 (203.0.113.1) is kept, unbound, for as long as Pod web-0 is there and else until ${until} by the setting; but ${wrong}`,
  })
  const bound = describeClaim(story.claimOf(key)).status.conditions.find(({ type }) => type === 'Bound')!
  expect(bound.reason).toBe('Retained')
})
