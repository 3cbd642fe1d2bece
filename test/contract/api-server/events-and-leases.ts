import { describe, expect, it } from 'vitest'
import { type ApiScene, collections, names, refused } from './scene.ts'

const { events, leases } = collections
const newer = '/apis/events.k8s.io/v1/namespaces/default/events'

export function eventsAndLeasesContract(scene: ApiScene): void {
  describe('an Event', () => {
    const regarding = (name: string) => ({ apiVersion: 'v1', kind: 'Pod', namespace: 'default', name })

    it('of v1 is one of events.k8s.io, too', async () => {
      const own = scene.fresh()
      const time = '2026-11-24T08:00:00Z'
      await scene.made(events, {
        metadata: { name: own },
        involvedObject: regarding(own),
        ...{ reason: 'AllocatedEip', message: 'eip-1 was allocated.', type: 'Normal' },
        ...{ firstTimestamp: time, lastTimestamp: time, count: 2 },
        source: { component: 'pod-eip', host: 'node-1' },
      })
      const { body } = await scene.get(`${newer}/${own}`)
      expect(body).toMatchObject({
        ...{ apiVersion: 'events.k8s.io/v1', kind: 'Event', regarding: regarding(own) },
        ...{ reason: 'AllocatedEip', note: 'eip-1 was allocated.', type: 'Normal' },
        ...{ deprecatedFirstTimestamp: time, deprecatedLastTimestamp: time, deprecatedCount: 2 },
        deprecatedSource: { component: 'pod-eip', host: 'node-1' },
      })
      expect(body.involvedObject).toBeUndefined()
    })

    it('of events.k8s.io is one of v1, too', async () => {
      const own = scene.fresh()
      const eventTime = '2026-11-24T08:00:00.000000Z'
      await scene.made(newer, {
        ...{ metadata: { name: own }, regarding: regarding(own), eventTime, action: 'Binding' },
        ...{ reason: 'BoundEip', note: 'eip-1 was bound.', type: 'Normal' },
        ...{ reportingController: 'pod-eip', reportingInstance: 'pod-eip-0' },
      })
      const { body } = await scene.get(`${events}/${own}`)
      expect(body).toMatchObject({
        ...{ apiVersion: 'v1', involvedObject: regarding(own), message: 'eip-1 was bound.', eventTime },
        ...{ reportingComponent: 'pod-eip', reportingInstance: 'pod-eip-0', action: 'Binding' },
      })
      const found = await scene.get(`${newer}?fieldSelector=${encodeURIComponent(`regarding.name=${own}`)}`)
      expect(names(found)).toEqual([own])
    })

    it.each(['involvedObject.name=OWN', 'involvedObject.kind=Pod,reason=Why', 'type=Warning,reason=Why'])(
      'is selected by %s',
      async (selector) => {
        const own = scene.fresh()
        await scene.made(events, {
          ...{ metadata: { name: own }, involvedObject: regarding(own), reason: 'Why', message: 'x' },
          type: 'Warning',
        })
        const fields = encodeURIComponent(selector.replaceAll('OWN', own))
        expect(names(await scene.get(`${events}?fieldSelector=${fields}`))).toContain(own)
        await scene.delete(`${events}/${own}`)
      },
    )

    it.each([{ eventTime: '2026-11-24T08:00:00Z' }, { firstTimestamp: 'now' }])(
      'with %o, another form of time, cannot be read',
      async (time) => {
        const object = { metadata: { name: scene.fresh() }, involvedObject: regarding('x'), ...time }
        expect(refused(await scene.post(events, object), 400, 'BadRequest').message).toContain(
          'Event in version "v1" cannot be handled as a Event',
        )
      },
    )

    it('of another namespace than its object is refused', async () => {
      const involvedObject = { ...regarding('x'), namespace: 'kube-system' }
      const answer = await scene.post(events, {
        metadata: { name: scene.fresh() },
        involvedObject,
        reason: 'Why',
      })
      expect(refused(answer, 422, 'Invalid').message).toContain('involvedObject.namespace')
    })
  })

  describe('a Lease', () => {
    it('is taken by one of two, and keeps its microseconds', async () => {
      const own = scene.fresh()
      const spec = { holderIdentity: 'a', leaseDurationSeconds: 15, renewTime: '2026-11-24T08:00:00.123456Z' }
      const lease = await scene.made(leases, { metadata: { name: own }, spec })
      expect(lease.spec).toEqual(spec)
      const path = `${leases}/${own}`
      const take = (holderIdentity: string) =>
        scene.put(path, { ...lease, spec: { ...spec, holderIdentity, leaseTransitions: 1 } })
      expect((await take('b')).status).toBe(200)
      refused(await take('c'), 409, 'Conflict')
      expect((await scene.get(path)).body.spec.holderIdentity).toBe('b')
    })

    it.each(['2026-11-24T08:00:00Z', '2026-11-24T08:00:00.123Z', '2026-11-24T08:00:00.123456789Z', 'now'])(
      'is not renewed at %s: a time without microseconds cannot be read',
      async (renewTime) => {
        const answer = await scene.post(leases, { metadata: { name: scene.fresh() }, spec: { renewTime } })
        expect(refused(answer, 400, 'BadRequest').message).toContain(
          'Lease in version "v1" cannot be handled as a Lease',
        )
      },
    )

    it('lasts for a while, not for nothing', async () => {
      const answer = await scene.post(leases, {
        metadata: { name: scene.fresh() },
        spec: { leaseDurationSeconds: 0 },
      })
      expect(refused(answer, 422, 'Invalid').message).toContain('spec.leaseDurationSeconds')
    })
  })
}
