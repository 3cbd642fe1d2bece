import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Clock, systemClock } from '@pod-eip/runtime'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { refreshingCredential } from './credential-source.ts'
import { credentialsFromEnv } from './credentials-from-env.ts'

const start = Date.UTC(2030, 0, 1)

function handClock(): Clock & { pass(ms: number): void } {
  let now = start
  return {
    ...systemClock,
    now: () => now,
    pass(ms) {
      now += ms
    },
  }
}

const hour = 3_600_000

describe('credentials from the environment', () => {
  const options = { clock: systemClock }

  it('takes keys first', async () => {
    const source = credentialsFromEnv(
      {
        TENCENTCLOUD_SECRET_ID: 'id',
        TENCENTCLOUD_SECRET_KEY: 'key',
        TENCENTCLOUD_SESSION_TOKEN: 'token',
        TKE_REGION: 'r',
      },
      options,
    )
    expect(source.name).toBe('environment')
    expect(await source.get()).toEqual({ secretId: 'id', secretKey: 'key', token: 'token' })
    expect(source.invalidate()).toBe(false)
  })

  it.each([
    [{}, 'set TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY, or TKE_REGION'],
    [{ TENCENTCLOUD_SECRET_ID: 'id' }, 'TENCENTCLOUD_SECRET_KEY is not set'],
    [{ TKE_REGION: 'r', TKE_ROLE_ARN: 'a' }, 'lacks TKE_PROVIDER_ID, TKE_WEB_IDENTITY_TOKEN_FILE'],
    [{ TENCENTCLOUD_CREDENTIAL: 'magic' }, 'set it to cvm-role'],
  ])('says in one sentence what is missing: %o', (env, sentence) => {
    expect(() => credentialsFromEnv(env, options)).toThrow(sentence)
  })
})

describe('a temporary credential', () => {
  const credential = (n: number) => ({ secretId: `id-${n}`, secretKey: 'key', token: 'token' })

  it('is fetched once for concurrent callers and renewed well before its end', async () => {
    const clock = handClock()
    let fetched = 0
    const source = refreshingCredential('test', clock, async () => ({
      credential: credential(++fetched),
      expiresAt: clock.now() + hour,
    }))
    await Promise.all([source.get(), source.get(), source.get()])
    expect(fetched).toBe(1)
    clock.pass(hour - 6 * 60_000)
    expect((await source.get()).secretId).toBe('id-1')
    clock.pass(2 * 60_000)
    expect((await source.get()).secretId).toBe('id-2')
  })

  it('is fetched again after a failure, and the old one is used while it is valid', async () => {
    const clock = handClock()
    let down = true
    const source = refreshingCredential('test', clock, async () => {
      if (down) throw new Error('down')
      return { credential: credential(1), expiresAt: clock.now() + hour }
    })
    await expect(source.get()).rejects.toMatchObject({ class: 'retry-soon', code: 'NoCredential' })
    down = false
    expect((await source.get()).secretId).toBe('id-1')
    down = true
    clock.pass(hour - 60_000)
    expect((await source.get()).secretId).toBe('id-1')
    clock.pass(60_000)
    await expect(source.get()).rejects.toMatchObject({ class: 'retry-soon' })
  })
})

describe('the identity of the Pod and of the node', () => {
  let answer: (request: IncomingMessage, body: string) => { status?: number; json: unknown }
  let url: string
  let folder: string
  let close: () => Promise<void>

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pod-eip-'))
    const server = createServer(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += chunk
      const { status = 200, json } = answer(request, body)
      response.writeHead(status).end(typeof json === 'string' ? json : JSON.stringify(json))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    close = async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await rm(folder, { recursive: true })
    }
  })
  afterEach(() => close())

  const oidc = (clock: Clock) =>
    credentialsFromEnv(
      {
        TKE_REGION: 'ap-guangzhou',
        TKE_PROVIDER_ID: 'provider',
        TKE_WEB_IDENTITY_TOKEN_FILE: join(folder, 'token'),
        TKE_ROLE_ARN: 'arn',
      },
      { clock, stsEndpoint: url },
    )
  const granted = (id: string, expiredTime: number) => ({
    json: {
      Response: {
        Credentials: { TmpSecretId: id, TmpSecretKey: 'key', Token: 'sts' },
        ExpiredTime: expiredTime,
        RequestId: 'r',
      },
    },
  })

  it('exchanges the service account token as it is at that time', async () => {
    const clock = handClock()
    answer = (request, body) => {
      expect(request.headers).toMatchObject({
        'x-tc-action': 'AssumeRoleWithWebIdentity',
        authorization: 'SKIP',
      })
      const { WebIdentityToken, RoleArn, ProviderId } = JSON.parse(body)
      expect({ RoleArn, ProviderId }).toEqual({ RoleArn: 'arn', ProviderId: 'provider' })
      return granted(WebIdentityToken, clock.now() / 1000 + 3600)
    }
    const source = oidc(clock)
    await writeFile(join(folder, 'token'), 'first\n')
    expect(await source.get()).toEqual({ secretId: 'first', secretKey: 'key', token: 'sts' })
    await writeFile(join(folder, 'token'), 'second')
    clock.pass(hour)
    expect((await source.get()).secretId).toBe('second')
    expect(source.invalidate()).toBe(true)
  })

  it('says what is wrong, without giving the token away', async () => {
    const source = oidc(systemClock)
    await expect(source.get()).rejects.toMatchObject({
      class: 'retry-soon',
      message: expect.stringContaining('cannot be read (ENOENT)'),
    })
    await writeFile(join(folder, 'token'), 'hush')
    answer = () => ({ status: 503, json: 'hush' })
    const unavailable = await source.get().catch((error: Error) => error)
    expect(unavailable).toMatchObject({ class: 'retry-soon', message: expect.stringContaining('HTTP 503') })
    expect(String(unavailable)).not.toContain('hush')
    answer = () => ({ json: '<html>' })
    await expect(source.get()).rejects.toMatchObject({ class: 'retry-soon', code: 'NoCredential' })
    answer = () => ({ json: '{"hush":' })
    const garbled = await source.get().catch((error: Error) => error)
    expect(String(garbled)).toContain('is not JSON')
    expect(String(garbled)).not.toContain('hush')
    answer = () => ({
      json: { Response: { Error: { Code: 'InvalidParameter', Message: 'no role' }, RequestId: 'r' } },
    })
    await expect(source.get()).rejects.toMatchObject({ class: 'back-off', requestId: 'r' })
    answer = () => ({ json: { Response: { Error: { Code: 'InternalError', Message: 'busy' } } } })
    await expect(source.get()).rejects.toMatchObject({ class: 'retry-soon' })
  })

  it('takes the role of the node when asked for by name', async () => {
    answer = (request) =>
      request.url?.endsWith('/security-credentials/')
        ? { json: 'role' }
        : {
            json: {
              Code: 'Success',
              TmpSecretId: request.url,
              TmpSecretKey: 'key',
              Token: 't',
              ExpiredTime: 4e9,
            },
          }
    const source = credentialsFromEnv(
      { TENCENTCLOUD_CREDENTIAL: 'cvm-role' },
      { clock: systemClock, metadataEndpoint: url },
    )
    expect((await source.get()).secretId).toBe('/latest/meta-data/cam/security-credentials/role')
  })
})
