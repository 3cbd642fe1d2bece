import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import {
  CloudError,
  type Credential,
  createEipCloudOverVpcApi,
  createTencentVpcApi,
  type EipCloud,
  fixedCredential,
} from '@pod-eip/cloud'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hostileTexts, unprintable } from './hostile-text.ts'

/** A server in the cloud's place that sends what it should not, and the SDK's own client before it. */

type Answer = (response: ServerResponse, request: IncomingMessage) => void | Promise<void>

const mebi = 1024 * 1024
let answer: Answer
/** Bytes of a large answer that the client took before it hung up. */
let taken = 0
let cloud: EipCloud
const server = createServer((request, response) => {
  request.resume()
  response.on('error', () => {})
  // Another call at the same time, which must go on.
  if (request.headers['x-tc-action'] === 'DescribeTaskResult') {
    response.end('{"Response":{"Result":"SUCCESS","RequestId":"r-2"}}')
  } else void answer(response, request)
})
const timeoutMs = 1_500

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cloud = cloudSignedWith({ secretId: 'AKIDwhoever', secretKey: 'hush-hush' })
})
afterAll(() => {
  server.close()
  server.closeAllConnections()
})

function cloudSignedWith(credential: Credential): EipCloud {
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const region = 'ap-guangzhou'
  return createEipCloudOverVpcApi(
    createTencentVpcApi({
      region,
      endpoint,
      credential: fixedCredential(credential),
      requestTimeoutMs: timeoutMs,
    }),
  )
}

/** Sends pieces for as long as the other side takes them. */
async function pour(response: ServerResponse, piece: Buffer, times: number): Promise<void> {
  taken = 0
  for (let i = 0; i < times && !response.destroyed; i++) {
    if (!response.write(piece)) {
      await Promise.race([once(response, 'drain'), once(response, 'close')])
    }
    taken += piece.length
  }
  response.end()
}

const send =
  (body: string | Buffer, status = 200, headers: Record<string, string> = {}): Answer =>
  (response) =>
    void response.writeHead(status, headers).end(body)

const good = '{"Response":{"QuotaSet":[],"RequestId":"r-1"}}'
/** Any number of members make one stream: a gibibyte in a mebibyte. */
const bomb = Buffer.concat(Array.from({ length: 1024 }, () => gzipSync(Buffer.alloc(mebi))))

const hostile: Record<string, [Answer, RegExp]> = {
  'a wrong type': [send('{"Response":{"QuotaSet":"none","RequestId":7}}'), /not as documented/],
  'a missing field': [send('{"Response":{"RequestId":"r"}}'), /not as documented/],
  'no Response': [send('{"Request":{}}'), /has no Response/],
  'a Response that is null': [send('{"Response":null}'), /has no Response/],
  'a list for a Response': [send('{"Response":[]}'), /no Response|not as documented/],
  'a bare null': [send('null'), /has no Response/],
  'nothing at all': [send(''), /not JSON/],
  HTML: [send('<html><body>Sign in to the guest network</body></html>'), /not JSON/],
  'HTML with an error status': [send('<h1>Bad Gateway</h1>'.repeat(10_000), 502), /HTTP 502/],
  'bytes that are no text': [send(Buffer.from([0xff, 0xfe, 0x00, 0xc3, 0x28])), /not JSON/],
  'prototype keys': [send('{"__proto__":{"Response":{"QuotaSet":[]}}}'), /has no Response/],
  'a million brackets': [send('['.repeat(1_000_000)), /not JSON/],
  'deep nesting': [send(`${'{"Response":'.repeat(100_000)}1${'}'.repeat(100_000)}`), /not as documented/],
  'two million wrong entries': [
    send(`{"Response":{"RequestId":"r","QuotaSet":[${'0,'.repeat(1_900_000)}0]}}`),
    /no list of at most 1000 entries/,
  ],
  '100 MB of JSON': [(response) => pour(response, Buffer.alloc(mebi, ' '), 100), /longer than 4 MiB/],
  '100 MB of an announced length': [
    (response) => {
      response.writeHead(200, { 'content-length': 100 * mebi })
      return pour(response, Buffer.alloc(mebi, ' '), 100)
    },
    /longer than 4 MiB/,
  ],
  '100 MB with an error status': [
    (response) => {
      response.writeHead(500)
      return pour(response, Buffer.alloc(mebi, ' '), 100)
    },
    /HTTP 500/,
  ],
  'a gzip bomb': [send(bomb, 200, { 'content-encoding': 'gzip' }), /longer than 4 MiB/],
  'a deflate bomb': [
    send(deflateSync(Buffer.alloc(64 * mebi)), 200, { 'content-encoding': 'deflate' }),
    /longer than 4 MiB/,
  ],
  'a brotli bomb': [
    send(brotliCompressSync(Buffer.alloc(64 * mebi)), 200, { 'content-encoding': 'br' }),
    /longer than 4 MiB/,
  ],
  'gzip that is none': [send(good, 200, { 'content-encoding': 'gzip' }), /incorrect header check/],
  'an event stream': [send('data: 1\n\n', 200, { 'content-type': 'text/event-stream' }), /not JSON/],
  'a body that drips for ever': [
    (response) => {
      response.writeHead(200)
      const drip = setInterval(() => response.write(' '), 20)
      response.once('close', () => clearInterval(drip))
    },
    /none came in 1500 ms/,
  ],
  'headers without an end': [
    (response) => void response.socket!.write('HTTP/1.1 200 OK\r\nx:'),
    /none came in|timeout/,
  ],
  'a megabyte of headers': [
    (response) => void response.socket!.end(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(mebi)}\r\n\r\n`),
    /Header overflow|ECONNRESET|EPIPE/,
  ],
  'a body that breaks off': [
    (response) => {
      response.writeHead(200, { 'content-length': 1_000 })
      response.write('{"Response":', () => response.destroy())
    },
    /aborted|Premature close|ECONNRESET|hang up|none came in/,
  ],
  'a redirect': [send('', 302, { location: '/elsewhere' }), /redirected/],
  'a redirect that repeats the call': [
    (response, { url }) =>
      send(url === '/elsewhere' ? good : '', url === '/elsewhere' ? 200 : 307, { location: '/elsewhere' })(
        response,
        {} as never,
      ),
    /redirected/,
  ],
  'redirects without an end': [send('', 308, { location: '/' }), /maximum redirect/],
  'a redirect to no address': [send('', 302, { location: 'http://[' }), /invalid redirect/],
}

test.each(Object.entries(hostile))('%s is one error, and other calls go on', async (_, [sends, says]) => {
  answer = (response, request) =>
    request.url === '/elsewhere' && request.method === 'GET'
      ? send(good)(response, request)
      : sends(response, request)
  const called = cloud.describeAddressQuota().catch((error: unknown) => error)
  expect(await cloud.describeTaskResult(1)).toBe('SUCCESS')
  const error = await called
  expect(error).toBeInstanceOf(CloudError)
  expect(error).toMatchObject({ class: 'no-answer', code: 'NoAnswer', message: expect.stringMatching(says) })
  expect((error as Error).message.length).toBeLessThan(1_100)
  expect((error as Error).message).not.toMatch(unprintable)
  answer = send(good)
  expect(await cloud.describeAddressQuota()).toEqual([])
})

test('of an answer without an end no more is taken than may be kept', async () => {
  answer = (response) => pour(response, Buffer.alloc(mebi, ' '), 1_000)
  await expect(cloud.describeAddressQuota()).rejects.toThrow('longer than 4 MiB')
  // What was on its way in the sockets is taken too.
  expect(taken).toBeLessThan(32 * mebi)
})

test('a bomb is not unpacked further than may be kept', async () => {
  answer = send(bomb, 200, { 'content-encoding': 'gzip' })
  const before = process.memoryUsage().rss
  const errors = await Promise.all(
    Array.from({ length: 10 }, () => cloud.describeAddressQuota().catch((error: unknown) => error)),
  )
  for (const error of errors)
    expect(error).toMatchObject({ message: expect.stringContaining('longer than 4 MiB') })
  // Ten of them unpacked would be 10 GiB.
  expect(process.memoryUsage().rss - before).toBeLessThan(512 * mebi)
})

test('an error of the cloud keeps its code, and of its words what can be shown', async () => {
  const message = `${hostileTexts['control characters']} ${hostileTexts['bidi characters']} ${hostileTexts['a megabyte']}`
  const requestId = hostileTexts['a title for the terminal']
  answer = send(
    JSON.stringify({
      Response: { Error: { Code: 'RequestLimitExceeded', Message: message }, RequestId: requestId },
    }),
  )
  const error = (await cloud.describeAddressQuota().catch((thrown: unknown) => thrown)) as CloudError
  expect(error).toMatchObject({ class: 'retry-soon', code: 'RequestLimitExceeded', requestId: '' })
  expect(error.message.length).toBeLessThan(1_100)
  expect(error.message).not.toMatch(unprintable)
})

test.each([7, null, '', 'x\u001b[2J', 'Code With Spaces', 'A'.repeat(1_000)])(
  'an error under the code %j is none of the API',
  async (code) => {
    answer = send(JSON.stringify({ Response: { Error: { Code: code, Message: 'no' }, RequestId: 'r' } }))
    await expect(cloud.describeAddressQuota()).rejects.toMatchObject({ class: 'no-answer', code: 'NoAnswer' })
  },
)

test('what a call was signed with is in no error, wherever the answer quotes it', async () => {
  const secret = fc.string({ unit: fc.constantFrom(...'abcXYZ019+/=_-%"\\&'), minLength: 8, maxLength: 40 })
  const place = fc.constantFrom('message', 'code', 'requestId', 'status', 'html')
  await fc.assert(
    fc.asyncProperty(secret, secret, place, async (secretKey, token, where) => {
      fc.pre(!secretKey.includes(token) && !token.includes(secretKey))
      const credential = { secretId: 'AKIDquoted', secretKey, token }
      answer = (response, { headers }) => {
        const quoted = `${secretKey} ${token} ${encodeURIComponent(token)} ${JSON.stringify(secretKey)} ${JSON.stringify(headers)}`
        const Response = {
          Error: {
            Code: where === 'code' ? quoted : 'AuthFailure.SignatureFailure',
            Message: where === 'message' ? quoted : 'no',
          },
          RequestId: where === 'requestId' ? quoted : 'r',
        }
        if (where === 'status') response.writeHead(403, quoted.replace(/[^\x20-\x7e]/g, '')).end()
        else response.end(where === 'html' ? `<html>${quoted}</html>` : JSON.stringify({ Response }))
      }
      const error = (await cloudSignedWith(credential)
        .describeAddressQuota()
        .catch((thrown: unknown) => thrown)) as CloudError
      const told = `${error.message} ${error.code} ${error.requestId} ${error.stack} ${error.cause}`
      for (const hidden of [secretKey, token, 'AKIDquoted']) expect(told).not.toContain(hidden)
    }),
    { numRuns: 60 },
  )
})
