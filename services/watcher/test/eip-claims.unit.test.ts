import { eipClaims, pods } from '@pod-eip/kube'
import { afterEach, expect, test, vi } from 'vitest'
import { newDeletions } from '../src/record/record-eip-claims.ts'
import { inMemory, scene, waiting } from './testing/scene.ts'

let it: ReturnType<typeof scene>
afterEach(() => it.stopAll())

test('a deleted EIPClaim is recorded with whether its Pod had gone, or was going', async () => {
  it = scene(inMemory())
  await it.start()
  for (const name of ['alive', 'going', 'gone']) it.eipClaim(name)
  it.pod('alive')
  it.pod('going')
  it.store.patch(pods, 'default', 'going', { type: 'merge', body: { metadata: { finalizers: ['a.b/c'] } } })
  it.remove('going')
  for (const name of ['alive', 'going', 'gone']) it.store.delete(eipClaims, 'default', name)
  await vi.waitFor(async () => {
    const events = await it.log.read({ after: 0, limit: 100, types: ['EipClaimDeletionRequested'] })
    const seen = Object.fromEntries(events.map(({ data }) => [data.claim, data.podGoing ?? false]))
    expect(seen).toEqual({ 'default/alive': false, 'default/going': true, 'default/gone': true })
  }, waiting)
})

test("only the deletion of our own EIPClaim is a wish: none of another installation's, of ipamd's or of one made by hand", async () => {
  it = scene(inMemory())
  await it.start()
  const held = (name: string, finalizer: string, managedBy = 'Helm') =>
    it.store.create(eipClaims, {
      metadata: {
        ...{ name, namespace: 'default', finalizers: [finalizer] },
        labels: { 'app.kubernetes.io/managed-by': managedBy },
      },
      spec: { source: 'auto' },
    })
  held('of-another', 'networking.eip.example.com/eip-reclaim')
  held('of-ipamd', 'example.com/hold')
  held('of-another-by-label', 'example.com/hold', 'pod-eip.eip.example.com')
  held('ours-by-label', 'example.com/hold', 'pod-eip')
  it.eipClaim('ours')
  const names = ['of-another', 'of-ipamd', 'of-another-by-label', 'ours-by-label', 'ours']
  for (const name of names) it.store.delete(eipClaims, 'default', name)
  const ours = ['ours-by-label', 'ours'].map((name) => `EipClaimDeletionRequested default/${name}`)
  await vi.waitFor(async () => expect(await it.recorded()).toEqual(ours), waiting)
})

test('a deletion is recorded with the owners that the object had then, whatever is taken off it after', () => {
  const owners = [{ apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'agent', uid: 'ds-1' }]
  const before = {
    claim: 'default/a',
    uid: 'c-1',
    createdAt: 0,
    ours: true,
    deletionRequested: false,
    owners,
    released: false,
  }
  const deleted = { ...before, deletionRequested: true }
  const later = { ...deleted, owners: [] }
  expect(newDeletions(new Set(), [before, deleted, later])).toEqual([deleted])
})
