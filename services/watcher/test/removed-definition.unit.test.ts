import { customResourceDefinitions, eipClaims } from '@pod-eip/kube'
import { expect, test, vi } from 'vitest'
import { inMemory, scene, waiting } from './testing/scene.ts'

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
  it.store.delete(customResourceDefinitions, null, `${eipClaims.plural}.${eipClaims.group}`)
  // Its finalizer holds the object, which is being deleted with its definition.
  expect(it.store.get(eipClaims, 'default', 'web-0').metadata.deletionTimestamp).toBeDefined()
  it.pod('last')
  await vi.waitFor(async () => expect(await it.recorded()).toContain('PodObserved default/last'), waiting)
  expect(await it.recorded()).not.toContain('EipClaimDeletionRequested default/web-0')
  await it.stopAll()
})
