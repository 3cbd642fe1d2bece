import { nodes, pods } from '@pod-eip/kube'
import { expect, test, vi } from 'vitest'
import { type NetworkScene, waiting, whatHappened } from './network-scene.ts'
import { rotatingAccess } from './rotating-access.ts'

/** API servers, and what stands before them, that answer otherwise than by what was asked for, or not for a while. */
export function unwillingServers(it: NetworkScene): void {
  test('a login page instead of the API server, for a while', async () => {
    await it.start()
    const page = '<!DOCTYPE html><html><body>Log in</body></html>'
    it.proxy.answerNext('pods', 3, { status: 200, headers: { 'content-type': 'text/html' }, body: page })
    it.proxy.cutAll()
    await it.somethingHappens()
    await it.recorded(...whatHappened)
    expect(it.lists('pods')).toBe(1)
  })

  test.each([
    [429, 'TooManyRequests'],
    [503, 'ServiceUnavailable'],
  ])('an API server that answers %i with Retry-After is left alone for so long', async (status, reason) => {
    await it.start()
    const body = JSON.stringify({ kind: 'Status', code: status, reason })
    it.proxy.answerNext('pods', 1, { status, headers: { 'retry-after': '100' }, body })
    it.proxy.cutAll()
    await it.somethingHappens()
    await vi.waitFor(() => expect(it.health().resources.pods!.lastError).toContain(String(status)), waiting)
    const asked = it.proxy.requests.filter((request) => request === 'watch pods').length
    it.clock.jump(90_000)
    // Time enough for a request that should not be.
    await it.api.admin.list(nodes)
    expect(it.health().resources.pods!.phase).toBe('backing off')
    expect(it.proxy.requests.filter((request) => request === 'watch pods')).toHaveLength(asked)
    it.clock.jump(15_000)
    await it.recorded(...whatHappened)
    expect(it.lists('pods')).toBe(1)
  })

  test('a token that is rotated, at first without the watcher having the new one', async () => {
    const kubeconfig = await rotatingAccess(it.proxy.url, 'old')
    it.proxy.authorization = { wanted: 'Bearer old', forServer: `Bearer ${it.api.token}` }
    await it.start(kubeconfig.access)
    it.proxy.authorization = { wanted: 'Bearer new', forServer: `Bearer ${it.api.token}` }
    it.proxy.cutAll()
    await it.somethingHappens()
    await vi.waitFor(() => expect(it.health().resources.pods!.lastError).toContain('401'), waiting)
    await kubeconfig.rotate('new')
    await it.recorded(...whatHappened)
    expect(it.lists('pods')).toBe(1)
    await kubeconfig.remove()
  })

  test('an API server that restarts, with changes before and after', async () => {
    await it.start()
    await it.pod('web-0')
    await it.api.restart()
    await it.pod('web-1')
    await it.remove(pods, 'web-0')
    await vi.waitFor(async () => {
      // Whether the new process still knows the history decides how the end is seen.
      const facts = (await it.facts()).map((fact) => fact.replace(/ (Deleted|Missed)$/, ''))
      expect(facts.sort()).toEqual([
        'PodEnded default/web-0',
        'PodObserved default/web-0',
        'PodObserved default/web-1',
      ])
    }, waiting)
    await it.truth()
  })
}
