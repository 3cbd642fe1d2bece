import { customResourceDefinitions, eipClaimCrd, eipClaims } from '@pod-eip/kube'
import { systemClock } from '@pod-eip/runtime'
import { expect, test, vi } from 'vitest'
import { inMemory, scene, waiting } from './testing/scene.ts'

const definition = `${eipClaims.plural}.${eipClaims.group}`

test('whoever removes the definition of EIPClaim deletes every object, and asks for no EIP back', async () => {
  const it = scene(inMemory())
  it.eipClaim('web-0')
  it.eipClaim('web-1')
  await it.start()
  it.store.delete(eipClaims, 'default', 'web-1')
  await vi.waitFor(
    async () => expect(await it.recorded()).toEqual(['EipClaimDeletionRequested default/web-1']),
    waiting,
  )
  it.store.delete(customResourceDefinitions, null, definition)
  // Its finalizer holds the object, which is being deleted with its definition.
  expect(it.store.get(eipClaims, 'default', 'web-0').metadata.deletionTimestamp).toBeDefined()
  it.pod('last')
  await vi.waitFor(async () => expect(await it.recorded()).toContain('PodObserved default/last'), waiting)
  expect(await it.recorded()).not.toContain('EipClaimDeletionRequested default/web-0')
  await it.stopAll()
})

test('a watch that lags tells deletions when the definition stands again: they ask for no EIP back, and later ones do', async () => {
  const now = { ms: Date.parse('2026-01-01T00:00:00Z') }
  const it = scene(inMemory(), { ...systemClock, now: () => now.ms })
  it.eipClaim('kept')
  await it.start()
  const letGo = it.cluster.hold(eipClaims)
  now.ms += 5_000
  it.store.delete(customResourceDefinitions, null, definition)
  // The publisher lets go of the object, so that the definition can go, and makes both anew.
  it.store.patch(eipClaims, 'default', 'kept', { type: 'merge', body: { metadata: { finalizers: null } } })
  now.ms += 1_000
  it.store.create(customResourceDefinitions, eipClaimCrd)
  it.eipClaim('kept')
  it.eipClaim('other')
  letGo()
  it.store.delete(eipClaims, 'default', 'other')
  await vi.waitFor(
    async () => expect(await it.recorded()).toEqual(['EipClaimDeletionRequested default/other']),
    waiting,
  )
  it.store.delete(eipClaims, 'default', 'kept')
  await vi.waitFor(
    async () => expect(await it.recorded()).toContain('EipClaimDeletionRequested default/kept'),
    waiting,
  )
  await it.stopAll()
})

test('an object that stands is one of the definition that stands, also where a clock made it look older', async () => {
  const now = { ms: Date.parse('2026-01-01T00:00:00Z') }
  const it = scene(inMemory(), { ...systemClock, now: () => now.ms })
  now.ms -= 3_000
  it.eipClaim('kept')
  await it.start()
  it.store.delete(eipClaims, 'default', 'kept')
  await vi.waitFor(
    async () => expect(await it.recorded()).toEqual(['EipClaimDeletionRequested default/kept']),
    waiting,
  )
  await it.stopAll()
})
