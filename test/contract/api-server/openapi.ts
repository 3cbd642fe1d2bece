import { describe, expect, it } from 'vitest'
import type { ApiScene } from './scene.ts'

interface Schema {
  type?: string
  properties?: Record<string, Schema>
  description?: string
  $ref?: string
  allOf?: Schema[]
  items?: Schema
  'x-kubernetes-group-version-kind'?: { group: string; version: string; kind: string }[]
}
interface Operation {
  'x-kubernetes-action'?: string
  'x-kubernetes-group-version-kind'?: { kind: string }
  parameters?: { name: string }[]
}

const documents: [path: string, kind: string, field: string[]][] = [
  ['api/v1', 'Pod', ['spec', 'containers']],
  ['api/v1', 'Node', ['status', 'capacity']],
  ['apis/apps/v1', 'StatefulSet', ['spec', 'serviceName']],
  ['apis/batch/v1', 'Job', ['spec', 'template']],
  ['apis/networking.tke.cloud.tencent.com/v1', 'EIPClaim', ['spec', 'source']],
]

export function openApiContract(scene: ApiScene): void {
  describe('OpenAPI v3', () => {
    it.each(documents)('of %s describes %s with %s', async (path, kind, field) => {
      const index = await scene.get('/openapi/v3')
      const { serverRelativeURL } = index.body.paths[path]
      const { body } = await scene.get(serverRelativeURL)
      expect(body.openapi).toMatch(/^3\.0/)
      const schemas: Record<string, Schema> = body.components.schemas
      const follow = (schema: Schema): Schema => {
        const reference = schema.$ref ?? schema.allOf?.[0]?.$ref
        return reference ? schemas[reference.split('/').at(-1)!]! : schema
      }
      const found = Object.values(schemas).find((schema) =>
        schema['x-kubernetes-group-version-kind']?.some((one) => one.kind === kind),
      )
      const described = field.reduce<Schema>((schema, name) => follow(schema).properties![name]!, found!)
      expect(follow(described).type ?? 'object').toMatch(/string|array|object/)
    })

    it.each([
      ['/api/v1', '/api/v1/namespaces/{namespace}/pods/{name}'],
      [
        '/apis/networking.tke.cloud.tencent.com/v1',
        '/apis/networking.tke.cloud.tencent.com/v1/namespaces/{namespace}/eipclaims/{name}',
      ],
    ])('of %s says how %s is written', async (path, place) => {
      const { body } = await scene.get(`/openapi/v3${path}`)
      const operation: Operation = body.paths[place].patch
      expect(operation['x-kubernetes-group-version-kind']).toMatchObject({
        kind: expect.stringMatching(/Pod|EIPClaim/),
      })
      const names = operation.parameters?.map(({ name }) => name)
      expect(names).toEqual(expect.arrayContaining(['dryRun', 'fieldManager', 'fieldValidation', 'force']))
    })
  })

  it('OpenAPI v2 describes the kinds, too', async () => {
    const { body } = await scene.get('/openapi/v2')
    expect(body.swagger).toBe('2.0')
    const kinds = Object.values(body.definitions as Record<string, Schema>).flatMap((schema) =>
      (schema['x-kubernetes-group-version-kind'] ?? []).map(({ kind }) => kind),
    )
    expect(kinds).toEqual(expect.arrayContaining(['Pod', 'Node', 'StatefulSet', 'EIPClaim']))
  })
}
