import { describe, expect, it } from 'vitest'
import { type ApiScene, claim, collections, pod, refused } from './scene.ts'

const { configMaps, eipClaims, pods } = collections

export function fieldValidationContract(scene: ApiScene): void {
  const unknownInPod = (name: string) =>
    pod(name, { spec: { nonsense: 1, containers: [{ name: 'a', image: 'a', port: 1 }] } })
  const unknownInClaim = (name: string) => claim(name, { source: 'auto', nonsense: 1 })

  describe('a field that nobody knows', () => {
    it.each([
      ['built in', pods, unknownInPod, ['spec.containers[0].port', 'spec.nonsense']],
      ['of a definition', eipClaims, unknownInClaim, ['spec.nonsense']],
    ])('%s: is refused where that is asked for', async (_, collection, make, fields) => {
      const answer = await scene.post(`${collection}?fieldValidation=Strict`, make(scene.fresh()))
      const { message } = refused(answer, 400, 'BadRequest')
      expect(message).toContain('strict decoding error: ')
      for (const field of fields) expect(message).toContain(`unknown field "${field}"`)
    })

    it.each([
      ['built in', pods, unknownInPod, 'unknown field "spec.nonsense"'],
      ['of a definition', eipClaims, unknownInClaim, 'unknown field "spec.nonsense"'],
    ])('%s: is dropped with a warning', async (_, collection, make, says) => {
      for (const validation of ['', '?fieldValidation=Warn']) {
        const { status, headers, body } = await scene.post(`${collection}${validation}`, make(scene.fresh()))
        expect(status).toBe(201)
        expect(body.spec.nonsense).toBeUndefined()
        expect(headers.warning).toContain(`299 - "${says.replaceAll('"', '\\"')}"`)
      }
    })

    it.each([
      ['built in', pods, unknownInPod],
      ['of a definition', eipClaims, unknownInClaim],
    ])('%s: is dropped without a word where that is asked for', async (_, collection, make) => {
      const { status, headers } = await scene.post(
        `${collection}?fieldValidation=Ignore`,
        make(scene.fresh()),
      )
      expect(status).toBe(201)
      expect(headers.warning).toBeUndefined()
    })

    it('is refused in updates and patches, too', async () => {
      const own = scene.fresh()
      const before = await scene.made(eipClaims, claim(own))
      const path = `${eipClaims}/${own}?fieldValidation=Strict`
      const changed = { ...before, spec: { source: 'auto', nonsense: 1 } }
      refused(await scene.put(path, changed), 400, 'BadRequest')
      const merged = await scene.patch('merge', path, { spec: { nonsense: 1 } })
      expect(merged.status).toBeGreaterThanOrEqual(400)
      const { apiVersion, kind } = before
      const applied = { apiVersion, kind, metadata: { name: own }, spec: { nonsense: 1 } }
      expect((await scene.patch('apply', `${path}&fieldManager=one`, applied)).status).toBeGreaterThanOrEqual(
        400,
      )
      expect((await scene.get(`${eipClaims}/${own}`)).body.spec).toEqual(before.spec)
    })
  })

  it('a way to validate that there is not is refused', async () => {
    const answer = await scene.post(`${configMaps}?fieldValidation=Harsh`, {
      metadata: { name: scene.fresh() },
    })
    expect(refused(answer, 422, 'Invalid').message).toContain('fieldValidation: Unsupported value: "Harsh"')
  })

  it('a value of another type than that of a built-in field cannot be read', async () => {
    const own = scene.fresh()
    const answer = await scene.post(configMaps, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: own },
      data: { a: 1 },
    })
    expect(refused(answer, 400, 'BadRequest').message).toContain(
      'ConfigMap in version "v1" cannot be handled as a ConfigMap',
    )
  })
}
