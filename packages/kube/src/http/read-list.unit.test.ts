import { describe, expect, it } from 'vitest'
import { failure, setHttpStage } from '../../test/http-stage.ts'
import type { KubeObject } from '../cluster.ts'
import { pods } from '../resources.ts'

const stage = setHttpStage()

describe('lists', () => {
  const list = (items: object[]) =>
    JSON.stringify({ kind: 'PodList', metadata: { resourceVersion: '7', continue: 'p2' }, items })
  const tricky = [
    {
      metadata: { name: 'größe', annotations: { note: '"items":[{"a\\":"]}' } },
      spec: { items: [{ a: [] }, 1, '}'] },
    },
    { metadata: { name: 'b' }, items: [] },
  ]

  it('are read object by object, however the bytes are cut', async () => {
    const bytes = Buffer.from(`{"apiVersion" : "v1", "x,\\"items":[{"y":1}], ${list(tricky).slice(1)}\n`)
    stage.server.answer = async (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      for (const byte of bytes) {
        response.write(Buffer.of(byte))
        await new Promise(setImmediate)
      }
      response.end()
    }
    const seen: KubeObject[] = []
    const page = await stage.cluster.list(pods, { onObject: (object) => seen.push(object) })
    expect(page).toEqual({ items: [], resourceVersion: '7', continue: 'p2' })
    expect(seen).toEqual(tricky)
    expect((await stage.cluster.list(pods)).items).toEqual(tricky)
  })

  it.each([
    ['no items', '{"metadata":{"resourceVersion":"7"},"items":[]}'],
    ['null', '{"items":null,"metadata":{"resourceVersion":"7"}}'],
    ['blanks', ' {"items" : [ ] , "metadata" : {"resourceVersion" : "7" , "continue" : ""}} '],
  ])('may have %s', async (_what, text) => {
    stage.server.answer = (_, response) => response.writeHead(200).end(text)
    expect(await stage.cluster.list(pods)).toEqual({ items: [], resourceVersion: '7' })
  })

  it.each([
    [
      'break off between two objects',
      (whole: string) => whole.slice(0, whole.indexOf('{"metadata":{"name":"b"')),
    ],
    ['break off within an object', (whole: string) => whole.slice(0, whole.indexOf('"b"'))],
    [
      'lack a comma',
      (whole: string) => whole.replace('},{"metadata":{"name":"b"', '} {"metadata":{"name":"b"'),
    ],
    ['have an object that is none', (whole: string) => whole.replace(/\}\]\}$/, '},7]}')],
    ['have a garbled object', (whole: string) => whole.replace('"name":"b"', '"name"="b"')],
    ['have a resourceVersion that is none', (whole: string) => whole.replace('"7"', '"7a"')],
    ['go on behind their end', (whole: string) => `${whole}}`],
  ])('that %s are failures', async (_what, spoil) => {
    stage.server.answer = (_, response) => response.writeHead(200).end(spoil(list(tricky)))
    expect(await failure(stage.cluster.list(pods))).toMatchObject({ status: 0, reason: 'BrokenAnswer' })
  })

  it('are cut by us when an object, or what stands around them, grows too long', async () => {
    const long = { metadata: { name: 'x'.repeat(3_000) } }
    for (const text of [
      list([long]),
      list(tricky).replace('PodList', 'x'.repeat(3_000)),
      '<p>'.repeat(1_000),
    ]) {
      stage.server.answer = (_, response) => response.writeHead(200).end(text)
      expect((await failure(stage.cluster.list(pods))).message).toContain('longer than 2000 bytes')
    }
    // Many that are short are no harm.
    stage.server.answer = (_, response) => response.writeHead(200).end(list(Array(100).fill(tricky[1])))
    expect((await stage.cluster.list(pods)).items).toHaveLength(100)
  })

  it('reject with what is thrown at an object', async () => {
    stage.server.answer = (_, response) => response.writeHead(200).end(list(tricky))
    const error = new TypeError('ours')
    const onObject = () => {
      throw error
    }
    await expect(stage.cluster.list(pods, { onObject })).rejects.toBe(error)
  })
})
