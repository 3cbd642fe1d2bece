import type { ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import { failure, setHttpStage } from '../../test/http-stage.ts'
import { json } from '../../test/raw-server.ts'
import type { WatchEvent } from '../cluster.ts'
import { pods } from '../resources.ts'

const stage = setHttpStage()

describe('watches', () => {
  const added = (name: string, more: object = {}) =>
    JSON.stringify({ type: 'ADDED', object: { metadata: { name, resourceVersion: '5' }, ...more } })
  /** Watches until the end; `seen` fills on the way. */
  const watching = (signal?: AbortSignal) => {
    const seen: WatchEvent[] = []
    const run = async () => {
      const options = { resourceVersion: '4', timeoutSeconds: 300, ...(signal ? { signal } : {}) }
      for await (const event of stage.cluster.watch(pods, options)) seen.push(event)
    }
    return { seen, ended: run() }
  }
  const stream = (play: (response: ServerResponse) => void) => {
    stage.server.answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.flushHeaders()
      play(response)
    }
  }
  const names = (seen: WatchEvent[]) =>
    seen.map((e) => (e.type === 'BOOKMARK' ? e.type : e.object.metadata.name))

  it('ask for bookmarks and for an end', async () => {
    stream((response) => response.end())
    await watching().ended
    expect(stage.server.requests[0]?.url.search).toBe(
      '?watch=true&allowWatchBookmarks=true&resourceVersion=4&timeoutSeconds=300',
    )
  })

  it('read events however the bytes are cut', async () => {
    const bookmark = '{"type":"BOOKMARK","object":{"kind":"Pod","metadata":{"resourceVersion":"9"}}}'
    const bytes = Buffer.from(`${added('größe')}\n\n${added('b')}\r\n${bookmark}\n`)
    stream(async (response) => {
      for (const byte of bytes) {
        response.write(Buffer.of(byte))
        await new Promise(setImmediate)
      }
      response.end()
    })
    const { seen, ended } = watching()
    await ended
    expect(names(seen)).toEqual(['größe', 'b', 'BOOKMARK'])
    expect(seen.at(-1)).toEqual({ type: 'BOOKMARK', resourceVersion: '9' })
  })

  it('throw the error that the server sends, after what came before', async () => {
    const error = {
      type: 'ERROR',
      object: { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' },
    }
    stream((response) => response.end(`${added('a')}\n${JSON.stringify(error)}\n`))
    const { seen, ended } = watching()
    expect(await failure(ended)).toMatchObject({ status: 410, reason: 'Expired', message: 'too old' })
    expect(names(seen)).toEqual(['a'])
  })

  it('throw the status when they are refused', async () => {
    stage.server.answer = (_, response) =>
      json(response, 503, { kind: 'Status', message: 'starting' }, { 'retry-after': '1' })
    expect(await failure(watching().ended)).toMatchObject({
      status: 503,
      message: 'starting',
      retryAfterSeconds: 1,
    })
  })

  it('that are cut, between events or within one, are failures and not ends', async () => {
    stream((response) => {
      response.write(`${added('a')}\n{"type":"ADD`)
      setImmediate(() => response.socket?.destroy())
    })
    const cut = watching()
    expect(await failure(cut.ended)).toMatchObject({ status: 0, reason: 'ConnectionFailed' })
    expect(names(cut.seen)).toEqual(['a'])

    stream((response) => response.end(`${added('a')}\n{"type":"ADDED","object":{"meta`))
    const half = watching()
    expect(await failure(half.ended)).toMatchObject({ status: 0, reason: 'BrokenStream' })
    expect(names(half.seen)).toEqual(['a'])
  })

  it('are cut by us when a line grows too long, or is no event', async () => {
    stream((response) => {
      response.write(`${added('a')}\n${added('b', { data: 'x'.repeat(3_000) })}`)
    })
    const long = watching()
    expect((await failure(long.ended)).message).toContain('longer than 2000 bytes')
    expect(names(long.seen)).toEqual(['a'])
    for (const line of [
      '{"type":"SURPRISE","object":{}}',
      '{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"9x"}}}',
      '{"type":"ADDED","object":{"metadata":{}}}',
      'null',
      '[]',
    ]) {
      stream((response) => response.end(`${line}\n`))
      expect(await failure(watching().ended)).toMatchObject({ status: 0, reason: 'BrokenStream' })
    }
  })

  it('are cut by us where the bytes are not UTF-8, instead of taking them for another name', async () => {
    const bytes = Buffer.from(`${added('größe')}\n`)
    stream((response) =>
      response.end(
        Buffer.concat([bytes.subarray(0, bytes.indexOf(0xb6)), bytes.subarray(bytes.indexOf(0xb6) + 1)]),
      ),
    )
    const { seen, ended } = watching()
    expect(await failure(ended)).toMatchObject({ status: 0 })
    expect(seen).toEqual([])
  })

  it('end at once when the signal aborts: quiet, before the answer, or with events unread', async () => {
    const closed = Promise.withResolvers<void>()
    const opened = Promise.withResolvers<void>()
    stream((response) => {
      response.on('close', closed.resolve)
      opened.resolve()
    })
    const quiet = new AbortController()
    const running = watching(quiet.signal)
    await opened.promise
    quiet.abort()
    await running.ended
    await closed.promise

    const arrived = Promise.withResolvers<void>()
    stage.server.answer = () => arrived.resolve()
    const early = new AbortController()
    const waiting = watching(early.signal)
    await arrived.promise
    early.abort()
    await waiting.ended

    stream((response) => response.write(`${added('a')}\n${added('b')}\n`))
    const busy = new AbortController()
    const seen: WatchEvent[] = []
    for await (const event of stage.cluster.watch(pods, { resourceVersion: '4', signal: busy.signal })) {
      seen.push(event)
      busy.abort()
    }
    expect(names(seen)).toEqual(['a'])
    await expect(watching(AbortSignal.abort()).ended).resolves.toBeUndefined()
  })

  it('close their connection when the consumer leaves', async () => {
    const closed = Promise.withResolvers<void>()
    stream((response) => {
      response.on('close', closed.resolve)
      response.write(`${added('a')}\n`)
    })
    for await (const _event of stage.cluster.watch(pods, { resourceVersion: '4' })) break
    await closed.promise
  })

  it('may be quiet for longer than a request may take, but must be answered in time', async () => {
    const opened = Promise.withResolvers<void>()
    const late = Promise.withResolvers<void>()
    stream(async (response) => {
      opened.resolve()
      await late.promise
      response.end(`${added('a')}\n`)
    })
    const { seen, ended } = watching()
    await opened.promise
    stage.server.answer = () => {}
    // Takes as long as a request may: the watch is still there afterwards.
    expect(await failure(watching().ended)).toMatchObject({ status: 0, reason: 'Timeout' })
    late.resolve()
    await ended
    expect(names(seen)).toEqual(['a'])
  })
})
