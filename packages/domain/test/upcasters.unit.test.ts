import { expect, test } from 'vitest'
import { schemaVersions, upcasters } from '../src/index.ts'

test('every version that an event type has left behind has one upcaster, and no other has', () => {
  const steps = Object.entries(schemaVersions).flatMap(([type, version]) =>
    Array.from({ length: version - 1 }, (_, i) => `${type}@${i + 1}`),
  )
  expect(upcasters.map(({ type, from }) => `${type}@${from}`).sort()).toEqual(steps.sort())
})
