import { eipClaims, pods } from '@pod-eip/kube'
import { afterEach, expect, test, vi } from 'vitest'
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
