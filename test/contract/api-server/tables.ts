import { describe, expect, it } from 'vitest'
import { type ApiScene, claim, collections, pod } from './scene.ts'

const { configMaps, eipClaims, events, nodes, pods } = collections
const asTable = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json'
const inDefault = (group: string, plural: string) => `/apis/${group}/v1/namespaces/default/${plural}`

/** Columns as `kubectl get` reads them; those after the bar come with `-o wide` only. */
const columns: [collection: string, names: string][] = [
  [pods, 'Name Ready Status Restarts Age | IP Node Nominated_Node Readiness_Gates'],
  [
    nodes,
    'Name Status Roles Age Version | Internal-IP External-IP OS-Image Kernel-Version Container-Runtime',
  ],
  [configMaps, 'Name Data Age |'],
  ['/api/v1/namespaces', 'Name Status Age |'],
  ['/api/v1/namespaces/default/secrets', 'Name Type Data Age |'],
  ['/api/v1/namespaces/default/services', 'Name Type Cluster-IP External-IP Port(s) Age | Selector'],
  ['/api/v1/namespaces/default/serviceaccounts', 'Name Age |'],
  [events, 'Last_Seen Type Reason Object Message | Subobject Source First_Seen Count Name'],
  [inDefault('apps', 'deployments'), 'Name Ready Up-to-date Available Age | Containers Images Selector'],
  [inDefault('apps', 'replicasets'), 'Name Desired Current Ready Age | Containers Images Selector'],
  [inDefault('apps', 'statefulsets'), 'Name Ready Age | Containers Images'],
  [
    inDefault('apps', 'daemonsets'),
    'Name Desired Current Ready Up-to-date Available Node_Selector Age | Containers Images Selector',
  ],
  [inDefault('batch', 'jobs'), 'Name Status Completions Duration Age | Containers Images Selector'],
  [inDefault('coordination.k8s.io', 'leases'), 'Name Holder Age |'],
  ['/apis/apiextensions.k8s.io/v1/customresourcedefinitions', 'Name Created_At |'],
]

interface ColumnDefinition {
  name: string
  type: string
  format: string
  priority: number
}

export function tablesContract(scene: ApiScene): void {
  describe('a table', () => {
    it.each(columns)('of %s has the columns %s', async (collection, expected) => {
      const { body } = await scene.get(collection, asTable)
      expect(body).toMatchObject({ kind: 'Table', apiVersion: 'meta.k8s.io/v1' })
      const shown = (body.columnDefinitions as ColumnDefinition[]).map(({ name, priority }) => ({
        name: name.replaceAll(' ', '_'),
        wide: priority > 0,
      }))
      const text = (wide: boolean) => shown.filter((one) => one.wide === wide).map(({ name }) => name)
      expect([...text(false), '|', ...text(true)].join(' ')).toBe(expected)
      const name = (body.columnDefinitions as ColumnDefinition[]).find((column) => column.name === 'Name')
      expect(name).toMatchObject({ type: 'string', format: 'name' })
    })

    it('of a Pod that waits for a Node tells that in its row', async () => {
      const own = scene.fresh()
      await scene.made(pods, pod(own))
      const { body } = await scene.get(`${pods}/${own}`, asTable)
      expect(body.rows).toHaveLength(1)
      const [cells, object] = [body.rows[0].cells, body.rows[0].object]
      expect(cells.toSpliced(4, 1)).toEqual([
        own,
        '0/1',
        'Pending',
        '0',
        '<none>',
        '<none>',
        '<none>',
        '<none>',
      ])
      expect(cells[4]).toMatch(/^\d+s$/)
      expect(object).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: own } })
      expect(object.spec).toBeUndefined()
    })

    it('carries as much of each object as is asked for', async () => {
      const own = scene.fresh()
      await scene.configMap(own, { data: { a: '1', b: '2' } })
      const whole = await scene.get(`${configMaps}/${own}?includeObject=Object`, asTable)
      expect(whole.body.rows[0].object).toMatchObject({ kind: 'ConfigMap', data: { a: '1', b: '2' } })
      const none = await scene.get(`${configMaps}/${own}?includeObject=None`, asTable)
      expect(none.body.rows[0].object ?? null).toBeNull()
      expect(none.body.rows[0].cells.slice(0, 2)).toEqual([own, 2])
    })

    it('of a custom resource has the columns of its definition', async () => {
      const own = scene.fresh()
      await scene.made(eipClaims, claim(own))
      await scene.patch('merge', `${eipClaims}/${own}/status`, {
        status: { phase: 'Bound', eipId: 'eip-1', publicIp: '198.18.0.1' },
      })
      const { body } = await scene.get(`${eipClaims}/${own}`, asTable)
      const named = Object.fromEntries(
        (body.columnDefinitions as ColumnDefinition[]).map(({ name }, i) => [name, body.rows[0].cells[i]]),
      )
      expect(named).toMatchObject({ Name: own, Phase: 'Bound' })
      expect(Object.keys(named).at(-1)).toBe(body.columnDefinitions.at(-1).name)
      expect(body.columnDefinitions.map(({ name }: ColumnDefinition) => name)).toContain('Age')
    })

    it('of a page says where the next one is', async () => {
      await scene.configMap(scene.fresh())
      await scene.configMap(scene.fresh())
      const { body } = await scene.get(`${configMaps}?limit=1`, asTable)
      expect(body.rows).toHaveLength(1)
      expect(body.metadata.continue).toMatch(/./)
      expect(body.metadata.remainingItemCount).toBeGreaterThan(0)
    })
  })

  it('a list of metadata alone has no more than that', async () => {
    const own = scene.fresh()
    await scene.configMap(own, { data: { a: '1' } })
    const accept = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io'
    const { body } = await scene.get(`${configMaps}?fieldSelector=metadata.name=${own}`, accept)
    expect(body).toMatchObject({ kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1' })
    expect(body.items).toMatchObject([{ metadata: { name: own } }])
    expect(body.items[0].data).toBeUndefined()
  })

  it('a form that there is not is not acceptable', async () => {
    const { status, body } = await scene.get(configMaps, 'text/csv')
    expect(status).toBe(406)
    expect(body).toMatchObject({ kind: 'Status', reason: 'NotAcceptable' })
  })
}
