import type { RecordedEvent } from '@pod-eip/event-log'
import { expect, test } from 'vitest'
import { eventDetails } from '../src/event-line.ts'

test('an object of the cluster is named by kind and name', () => {
  const owner = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'busybox', uid: 'u' }
  const event = { data: { owner, namespace: 'default', reason: 'Deleted' } } as unknown as RecordedEvent
  expect(eventDetails(event)).toBe('owner=StatefulSet/busybox namespace=default reason=Deleted')
})
