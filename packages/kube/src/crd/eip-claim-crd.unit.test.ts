import { createHash } from 'node:crypto'
import { claimPhases } from '@pod-eip/domain'
import { describe, expect, it } from 'vitest'
import { eipClaimPhases } from './eip-claim.ts'
import { crdRevision, eipClaimCrd } from './eip-claim-crd.ts'
import { eipClaimSchema, type Schema } from './eip-claim-schema.ts'

/** Every field of a schema, by path. */
function fields(schema: Schema, path = ''): [string, Schema][] {
  const inner = Object.entries(schema.properties ?? {}).flatMap(([name, field]) =>
    fields(field, `${path}.${name}`),
  )
  const items = schema.items ? fields(schema.items, `${path}[]`) : []
  return [[path, schema], ...inner, ...items]
}

describe('the CustomResourceDefinition of EIPClaim', () => {
  it('describes every field', () => {
    const silent = fields(eipClaimSchema).filter(
      ([path, { description }]) => path !== '.metadata' && !description,
    )
    expect(silent.map(([path]) => path)).toEqual([])
  })

  it('bounds every text and list, so that its rules have a known cost', () => {
    const unbounded = fields(eipClaimSchema).filter(
      ([path, { type, maxLength, maxItems, enum: values, format }]) =>
        !['.apiVersion', '.kind'].includes(path) &&
        ((type === 'string' && !maxLength && !values && !format) ||
          (type === 'array' && !maxItems && path === '.spec.eipIds')),
    )
    expect(unbounded.map(([path]) => path)).toEqual([])
  })

  it('knows the phases of a claim', () => {
    expect(eipClaimPhases).toEqual(claimPhases)
  })

  it('shows columns of fields that exist', () => {
    const known = new Set(fields(eipClaimSchema).map(([path]) => path))
    const columns: { jsonPath: string }[] = eipClaimCrd.spec.versions[0].additionalPrinterColumns
    for (const { jsonPath } of columns) {
      if (jsonPath.startsWith('.metadata.')) continue
      expect(known).toContain(jsonPath.replace(/\[\?\(.*\)\]/, '[]'))
    }
  })

  it('has its revision raised whenever it changes', () => {
    const hash = createHash('sha256').update(JSON.stringify(eipClaimCrd.spec)).digest('hex').slice(0, 12)
    expect({ revision: crdRevision, hash }).toEqual({ revision: 6, hash: '37435bff7773' })
  })
})
