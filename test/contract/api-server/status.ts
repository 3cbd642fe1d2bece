import { describe, expect, it } from 'vitest'
import { type ApiScene, claim, collections, pod, refused } from './scene.ts'

const { configMaps, eipClaims, nodes, pods } = collections

export function statusContract(scene: ApiScene): void {
  describe('the status of a custom resource', () => {
    const made = () => scene.made(eipClaims, { ...claim(scene.fresh()), status: { phase: 'Bound' } })

    it('is not written with the object, nor the object with it', async () => {
      const created = await made()
      expect(created.status).toBeUndefined()
      const path = `${eipClaims}/${created.metadata.name}`
      const labelled = { ...created.metadata, labels: { a: '1' } }
      const changed = {
        ...created,
        metadata: labelled,
        spec: { source: 'listed' },
        status: { phase: 'Bound' },
      }
      const { body } = await scene.put(`${path}/status`, changed)
      expect(body).toMatchObject({
        status: { phase: 'Bound' },
        spec: { source: 'auto' },
        metadata: { generation: 1 },
      })
      expect(body.metadata.labels).toBeUndefined()
      const { status: _, ...rest } = body
      expect((await scene.put(path, rest)).body.status).toEqual({ phase: 'Bound' })
    })

    it('is read at its own path, as the whole object', async () => {
      const { metadata } = await made()
      const { body } = await scene.get(`${eipClaims}/${metadata.name}/status`)
      expect(body).toMatchObject({
        kind: 'EIPClaim',
        metadata: { name: metadata.name },
        spec: { source: 'auto' },
      })
    })
  })

  it('the status of a Node takes JSON and strategic merge patches, and labels along', async () => {
    const name = scene.fresh()
    await scene.made(nodes, { metadata: { name }, status: { capacity: { cpu: '4' } } })
    const path = `${nodes}/${name}/status`
    const slot = { 'example.com/slot': '2' }
    await scene.patch('strategic', path, { status: { capacity: slot } })
    const add = { op: 'add', path: '/status/capacity/example.com~1other', value: '3' }
    const { body } = await scene.patch('json', path, [add])
    expect(body.status.capacity).toEqual({ cpu: '4', ...slot, 'example.com/other': '3' })
    await scene.delete(`${nodes}/${name}`)
  })

  it('the status of a Pod keeps conditions by their type', async () => {
    const name = scene.fresh()
    await scene.made(pods, pod(name))
    const path = `${pods}/${name}/status`
    const condition = (type: string, status: string) => ({ status: { conditions: [{ type, status }] } })
    await scene.patch('strategic', path, condition('example.com/a', 'True'))
    await scene.patch('strategic', path, condition('example.com/b', 'False'))
    const { body } = await scene.patch('strategic', path, condition('example.com/a', 'False'))
    const all = body.status.conditions.map((one: { type: string; status: string }) => [one.type, one.status])
    expect(Object.fromEntries(all)).toMatchObject({ 'example.com/a': 'False', 'example.com/b': 'False' })
  })

  it('what has no status has no path for it', async () => {
    const name = scene.fresh()
    await scene.configMap(name)
    refused(await scene.get(`${configMaps}/${name}/status`), 404, 'NotFound')
  })
}
