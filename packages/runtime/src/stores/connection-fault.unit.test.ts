import { expect, test } from 'vitest'
import { connectionFault } from './connection-fault.ts'

const what = 'Postgres at DATABASE_URL'

test.each([
  [
    'ECONNREFUSED',
    'nothing listens where Postgres at DATABASE_URL should be; start it, or correct its address',
  ],
  ['ENOTFOUND', 'Postgres at DATABASE_URL has a host name that nobody knows; correct its address'],
  ['28P01', 'Postgres at DATABASE_URL does not let this user in; correct user and password'],
  ['3D000', 'Postgres at DATABASE_URL has no database of that name; create it, or correct the name'],
])('%s says what to do', (code, sentence) => {
  expect(connectionFault(Object.assign(new Error('it says hunter2'), { code }), what)).toBe(sentence)
})

test('a host with several addresses: what the first of them says', () => {
  const refused = Object.assign(new Error(''), { code: 'ECONNREFUSED' })
  expect(connectionFault(new AggregateError([refused, refused]), what)).toContain('nothing listens')
})

test('anything else has to speak for itself', () => {
  expect(connectionFault(new Error('out of memory'), what)).toBeNull()
})
