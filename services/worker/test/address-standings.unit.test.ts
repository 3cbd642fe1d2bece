import type { CloudAddress } from '@pod-eip/cloud'
import { type Address, type Claim, emptyClaim } from '@pod-eip/domain'
import { expect, test } from 'vitest'
import { changedStandings } from '../src/node-addresses/address-standings.ts'

const clock = { now: () => 0, sleep: async () => {} }
const claim = (name: string, standing: Claim['standing']): Claim => ({
  ...emptyClaim(`default/${name}`),
  ...{ generation: 3, position: 7, standing },
  address: { source: 'auto', id: `eip-${name}`, publicIp: '', allocationId: 'a' },
})
const claims = [
  claim('good', 'Good'),
  claim('hit', 'Good'),
  claim('healed', 'Blocked'),
  claim('still', 'InArrears'),
]

const shown = (name: string, marks: Partial<CloudAddress> = {}) =>
  ({ addressId: `eip-${name}`, isBlocked: false, isArrears: false, ...marks }) as CloudAddress

test('only what differs from what the claims show is told, and nothing of the EIPs of others', async () => {
  const readModels = {
    address: async (id: string) =>
      claims.some((c) => c.address?.id === id)
        ? ({ claim: id.replace('eip-', 'default/'), releasedAt: '' } as Address)
        : null,
    listing: async () => null,
    claim: async (key: string) => claims.find((c) => c.key === key) ?? null,
  }
  const news = await changedStandings(
    [
      shown('good'),
      shown('hit', { isBlocked: true, isArrears: true }),
      shown('healed'),
      shown('still', { isArrears: true }),
      shown('foreign', { isBlocked: true }),
    ],
    { readModels, clock },
  )
  expect(news).toMatchObject([
    {
      stream: 'claim/default/hit',
      dedupeKey: 'standing/eip-hit/7',
      data: { standing: 'Blocked', generation: 3 },
    },
    { stream: 'claim/default/healed', data: { standing: 'Good' } },
  ])
})
