import { expect, test } from 'vitest'
import { judgeRights, neededRights, type Rule } from '../src/doctor/check-rights.ts'

/** A rule for each right. */
function rulesFor(rights: readonly string[]): Rule[] {
  return rights.map((right) => {
    const [verb, name] = right.split(' ')
    const [object, ...subresource] = name!.split('/')
    const [plural, ...group] = object!.split('.')
    return {
      verbs: [verb!],
      apiGroups: [group.join('.')],
      resources: [[plural, ...subresource].join('/')],
    }
  })
}

test.each([
  ['the watcher', neededRights.watcher, /^This token has all rights of the watcher\.$/],
  ['the publisher', neededRights.publisher, /^This token has all rights of the publisher\.$/],
  ['both', [...neededRights.watcher, ...neededRights.publisher], /of the watcher and of the publisher\.$/],
  ['an administrator', ['* *'], /of the watcher and of the publisher\.$/],
])('rights of %s', (_, rights, says) => {
  const rules =
    rights[0] === '* *' ? [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }] : rulesFor(rights)
  expect(judgeRights(rules, false)).toMatchObject({ state: 'ok', says: expect.stringMatching(says) })
})

test('a right that is missing is named, of the service to which the fewest are missing', () => {
  const without = neededRights.publisher.filter(
    (right) => !right.startsWith('patch eipclaims') || !right.endsWith('/status'),
  )
  const finding = judgeRights(rulesFor(without), false)
  expect(finding.state).toBe('fail')
  expect(finding.says).toContain(
    "to be the publisher's, patch eipclaims.networking.tke.cloud.tencent.com/status; apply",
  )
})

test('what an authorizer cannot list may be there all the same', () => {
  expect(judgeRights([], true).state).toBe('warn')
})
