import { describe, expect, it } from 'vitest'
import { type ApiScene, collections } from './scene.ts'

const { configMaps, deployments, eipClaims, pods } = collections

export function managedFieldsContract(scene: ApiScene): void {
  const apply = (path: string, manager: string, object: object) =>
    scene.patch('apply', `${path}?fieldManager=${manager}`, object)

  describe('managedFields', () => {
    interface Entry {
      manager: string
      operation: string
      subresource?: string
      apiVersion: string
      fieldsType: string
      time: string
      fieldsV1: object
    }
    const entries = async (path: string): Promise<Entry[]> =>
      (await scene.get(path)).body.metadata.managedFields

    it('say for each manager, operation and subresource what is owned', async () => {
      const own = scene.fresh()
      const path = `${eipClaims}/${own}`
      const claim = {
        apiVersion: 'networking.tke.cloud.tencent.com/v1',
        kind: 'EIPClaim',
        metadata: { name: own },
      }
      await apply(path, 'pod-eip', { ...claim, spec: { source: 'auto' } })
      await apply(`${path}/status`, 'pod-eip', { ...claim, status: { phase: 'Bound' } })
      await scene.patch('merge', `${path}?fieldManager=kubectl-label`, { metadata: { labels: { a: '1' } } })
      const shown = (await entries(path)).map(({ time, ...entry }) => {
        expect(Date.parse(time)).not.toBeNaN()
        return entry
      })
      const common = { apiVersion: claim.apiVersion, fieldsType: 'FieldsV1' }
      expect(shown).toHaveLength(3)
      expect(shown).toEqual(
        expect.arrayContaining([
          { ...common, manager: 'pod-eip', operation: 'Apply', fieldsV1: { 'f:spec': { 'f:source': {} } } },
          {
            ...{ ...common, manager: 'pod-eip', operation: 'Apply', subresource: 'status' },
            fieldsV1: { 'f:status': { 'f:phase': {} } },
          },
          {
            ...{ ...common, manager: 'kubectl-label', operation: 'Update' },
            fieldsV1: { 'f:metadata': { 'f:labels': { '.': {}, 'f:a': {} } } },
          },
        ]),
      )
    })

    it('name items of lists by their keys and values of sets by themselves', async () => {
      const own = scene.fresh()
      await scene.made(pods, { metadata: { name: own }, spec: { containers: [{ name: 'app', image: 'a' }] } })
      const object = { apiVersion: 'v1', kind: 'Pod', metadata: { name: own, finalizers: ['example.com/f'] } }
      await apply(`${pods}/${own}`, 'one', object)
      const status = { conditions: [{ type: 'example.com/up', status: 'True' }] }
      await apply(`${pods}/${own}/status`, 'one', {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: own },
        status,
      })
      const all = await entries(`${pods}/${own}`)
      const fields = all.filter(({ manager }) => manager === 'one').map(({ fieldsV1 }) => fieldsV1)
      expect(fields).toEqual(
        expect.arrayContaining([
          { 'f:metadata': { 'f:finalizers': { 'v:"example.com/f"': {} } } },
          {
            'f:status': {
              'f:conditions': { 'k:{"type":"example.com/up"}': { '.': {}, 'f:status': {}, 'f:type': {} } },
            },
          },
        ]),
      )
      await scene.patch('merge', `${pods}/${own}`, { metadata: { finalizers: null } })
    })

    it('name a label selector and a node selector as a whole', async () => {
      const own = scene.fresh()
      const labels = { app: own }
      const container = { name: 'app', image: 'a' }
      const template = { metadata: { labels }, spec: { containers: [container], nodeSelector: { a: 'b' } } }
      const spec = { replicas: 0, selector: { matchLabels: labels }, template }
      const object = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: own }, spec }
      await apply(`${deployments}/${own}`, 'one', object)
      await scene.made(`${deployments}?fieldManager=two`, { metadata: { name: `${own}-created` }, spec })
      for (const [name, manager] of [
        [own, 'one'],
        [`${own}-created`, 'two'],
      ]) {
        const all = await entries(`${deployments}/${name}`)
        expect(all.find((entry) => entry.manager === manager)?.fieldsV1).toMatchObject({
          'f:spec': { 'f:selector': {}, 'f:template': { 'f:spec': { 'f:nodeSelector': {} } } },
        })
        expect(JSON.stringify(all)).not.toMatch(/f:matchLabels|"f:a"/)
      }
    })

    it('can be emptied', async () => {
      const own = scene.fresh()
      await scene.configMap(own, { data: { a: '1' } })
      const path = `${configMaps}/${own}`
      await scene.patch('merge', path, { metadata: { managedFields: [{}] } })
      expect(await entries(path)).toBeUndefined()
    })
  })
}
