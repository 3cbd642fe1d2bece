import { describe, expect, test } from 'vitest'
import { claimHolder, defaultAnnotationDomain, installationMarks } from '../src/index.ts'

const ours = installationMarks(defaultAnnotationDomain)
const other = installationMarks('eip.example.com')
const label = (value: string) => ({ 'app.kubernetes.io/managed-by': value })

test('the default installation has the names that it always had, and another one carries its domain', () => {
  expect(ours).toEqual({
    domain: 'tke.cloud.tencent.com',
    fieldManager: 'pod-eip-publisher',
    reclaimFinalizer: 'networking.tke.cloud.tencent.com/eip-reclaim',
    managedBy: { label: 'app.kubernetes.io/managed-by', value: 'pod-eip' },
  })
  expect(other).toMatchObject({
    fieldManager: 'pod-eip-publisher.eip.example.com',
    reclaimFinalizer: 'networking.eip.example.com/eip-reclaim',
    managedBy: { value: 'pod-eip.eip.example.com' },
  })
})

test('names stay within what Kubernetes takes, however long the domain', () => {
  const long = installationMarks(
    `${'a-'.repeat(28)}a.${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.example.com`,
  )
  expect(long.fieldManager.length).toBeLessThanOrEqual(128)
  expect(long.managedBy.value.length).toBeLessThanOrEqual(63)
  expect(long.managedBy.value).toMatch(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])$/)
  expect(long.reclaimFinalizer.split('/')[0]!.length).toBeLessThanOrEqual(253)
  expect(claimHolder({ labels: label(long.managedBy.value) }, long)).toBe(long.domain)
})

describe('an EIPClaim is', () => {
  test.each([
    [
      'ours by its finalizer, whatever its label says',
      [ours.reclaimFinalizer],
      other.managedBy.value,
      ours.domain,
    ],
    ['ours by its label while it has no finalizer', ['example.com/hold'], ours.managedBy.value, ours.domain],
    ["the other's by its finalizer", ['example.com/hold', other.reclaimFinalizer], 'pod-eip', other.domain],
    ["the other's by its label", [], other.managedBy.value, other.domain],
    [
      "of whoever's finalizer came first",
      [other.reclaimFinalizer, ours.reclaimFinalizer],
      'pod-eip',
      other.domain,
    ],
    ["nobody's when a hand or another controller made it", ['tke.cloud.tencent.com/ipamd'], 'Helm', ''],
  ])('%s', (_, finalizers, managedBy, holder) => {
    expect(claimHolder({ finalizers, labels: label(managedBy) }, ours)).toBe(holder)
  })

  test('the same for both installations', () => {
    for (const metadata of [{ finalizers: [ours.reclaimFinalizer] }, { labels: label('pod-eip') }, {}]) {
      expect(claimHolder(metadata, ours)).toBe(claimHolder(metadata, other))
    }
  })
})
