import { emptyClaim } from '@pod-eip/domain'
import { createMemoryEventLog } from '@pod-eip/event-log'
import { createMemoryModels } from '@pod-eip/read-models'
import { expect, test } from 'vitest'
import { createOwnerBook } from '../src/owners/owner-book.ts'

test('the end of a workload is waited for also where its claim was recovered without a Pod', async () => {
  const log = createMemoryEventLog({ clock: { now: () => 0, sleep: async () => {} } })
  const readModels = createMemoryModels(() => 0)
  const owner = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'web', uid: 'uid-web' }
  readModels.world.claims.set('default/web-0', { ...emptyClaim('default/web-0'), phase: 'Retained', owner })
  const book = createOwnerBook({ log, readModels })
  await book.load()
  expect(book.all()).toMatchObject([{ ref: owner, namespace: 'default' }])
})
