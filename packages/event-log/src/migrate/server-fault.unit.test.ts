import { expect, test } from 'vitest'
import { serverFault } from './server-fault.ts'

test('Postgres before 15 is refused in one sentence', () => {
  expect(serverFault(140_011, '14.11')).toBe(
    'Postgres 14.11 is too old: pod-eip needs 15 or newer, upgrade it or point DATABASE_URL elsewhere',
  )
  expect(serverFault(150_000, '15.0')).toBeNull()
  expect(serverFault(180_004, '18.4')).toBeNull()
})
