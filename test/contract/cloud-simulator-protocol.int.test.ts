import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { seededIds, seededRandom, systemClock } from '@pod-eip/runtime'
import {
  type CloudSimulator,
  createCloudSimulator,
  readStateFile,
  type ServedCloudSimulator,
  serveCloudSimulator,
} from '@pod-eip/simulators/cloud'
import sdk from 'tencentcloud-sdk-nodejs/tencentcloud/services/vpc/index.js'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

/** The simulator as the real SDK sees it. */

interface ClientOptions {
  secretId?: string
  secretKey?: string
  token?: string
  region?: string
  reqTimeout?: number
}

function clientFor(url: string, options: ClientOptions = {}) {
  const { secretId = 'AKIDsimulated', secretKey = 'simulated', token, reqTimeout = 5 } = options
  return new sdk.vpc.v20170312.Client({
    region: options.region ?? 'ap-guangzhou',
    credential: { secretId, secretKey, ...(token && { token }) },
    profile: { httpProfile: { endpoint: new URL(url).host, protocol: 'http://', reqTimeout } },
  })
}

let offsetMs = 0
let simulator: CloudSimulator
let served: ServedCloudSimulator
let folder: string

const open = (snapshot?: Awaited<ReturnType<typeof readStateFile>>) =>
  createCloudSimulator({
    clock: { now: () => systemClock.now() + offsetMs },
    random: seededRandom(1),
    ids: seededIds(seededRandom(2)),
    config: {
      accounts: [
        { uin: '100000000001', secretId: 'AKIDsimulated', secretKey: 'simulated' },
        { uin: '100000000002', secretId: 'AKIDtemporary', secretKey: 'temporary', token: 'sts' },
      ],
      durations: { create: [10, 20] },
    },
    ...(snapshot && { snapshot }),
  })

beforeEach(async () => {
  offsetMs = 0
  folder = await mkdtemp(join(tmpdir(), 'pod-eip-'))
  simulator = open()
  served = await serveCloudSimulator(simulator, { port: 0, stateFile: join(folder, 'state.json') })
})
afterEach(async () => {
  await served.close()
  await rm(folder, { recursive: true })
})

const codeOf = async (call: Promise<unknown>) =>
  call.then(
    () => 'success',
    (error: { code?: string; message: string }) => error.code ?? error.message,
  )

describe('the signature', () => {
  it('of the SDK is accepted, with whatever is in the body', async () => {
    const answer = await clientFor(served.url).AllocateAddresses({
      AddressName: '名字',
      Tags: [{ Key: 'kötzting', Value: '' }],
    })
    expect(answer.AddressSet).toHaveLength(1)
    expect(answer.RequestId).toMatch(/^[0-9a-f-]{36}$/)
    expect(answer.TaskId).toEqual(expect.any(String))
  })

  it.each([
    ['AuthFailure.SecretIdNotFound', { secretId: 'AKIDnobody' }],
    ['AuthFailure.SignatureFailure', { secretKey: 'wrong' }],
    ['AuthFailure.TokenFailure', { token: 'unasked' }],
    ['AuthFailure.TokenFailure', { secretId: 'AKIDtemporary', secretKey: 'temporary' }],
    ['success', { secretId: 'AKIDtemporary', secretKey: 'temporary', token: 'sts' }],
    ['UnsupportedRegion', { region: 'mars' }],
  ])('gets %s with %o', async (code, options) => {
    expect(await codeOf(clientFor(served.url, options).DescribeAddressQuota())).toBe(code)
  })

  it('expires when the clocks are over five minutes apart, either way', async () => {
    const call = () => codeOf(clientFor(served.url).DescribeAddressQuota())
    offsetMs = 298_000
    expect(await call()).toBe('success')
    offsetMs = 302_000
    expect(await call()).toBe('AuthFailure.SignatureExpire')
    offsetMs = -302_000
    expect(await call()).toBe('AuthFailure.SignatureExpire')
  })

  it('is asked for', async () => {
    const response = await fetch(served.url, { method: 'POST', body: '{}' })
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      Response: {
        Error: { Code: 'AuthFailure.InvalidAuthorization', Message: expect.any(String) },
        RequestId: expect.any(String),
      },
    })
  })
})

describe('calls of the SDK', () => {
  it('get the documented codes for what does not exist or does not fit', async () => {
    const client = clientFor(served.url)
    expect(await codeOf(client.request('MakeCoffee', {}))).toBe('InvalidAction')
    expect(await codeOf(client.request('AllocateAddresses', { AddressCount: 'one' }))).toBe(
      'InvalidParameter',
    )
    expect(await codeOf(client.request('DescribeTaskResult', { TaskId: '1' }))).toBe('InvalidParameter')
    expect(await codeOf(client.DescribeTaskResult({ TaskId: 99 }))).toBe('ResourceNotFound')
    expect(await codeOf(client.ReleaseAddresses({ AddressIds: ['eip-00000000'] }))).toBe(
      'InvalidAddressId.NotFound',
    )
  })

  it('are throttled beyond the documented rate', async () => {
    const client = clientFor(served.url)
    const calls = Array.from({ length: 15 }, () => codeOf(client.DescribeAddressQuota()))
    const codes = await Promise.all(calls)
    expect(codes.filter((code) => code === 'RequestLimitExceeded').length).toBeGreaterThan(0)
  })

  it('bring the same addresses for the same token, also after a lost answer', async () => {
    simulator.faults.add({ kind: 'lost-answer', action: 'AllocateAddresses', count: 1 })
    const client = clientFor(served.url)
    expect(await codeOf(client.AllocateAddresses({ ClientToken: 't' }))).toMatch(/socket hang up|ECONNRESET/)
    const { AddressSet } = await client.AllocateAddresses({ ClientToken: 't' })
    expect(
      simulator
        .region()
        .addresses()
        .map((address) => address.addressId),
    ).toEqual(AddressSet)
  })

  it('time out when nothing is answered', async () => {
    simulator.faults.add({ kind: 'lost-request', how: 'hang' })
    const client = clientFor(served.url, { reqTimeout: 0.2 })
    expect(await codeOf(client.AllocateAddresses({}))).toContain('timeout')
    expect(simulator.region().addresses()).toEqual([])
  })

  it('run into the quotas of the account', async () => {
    const client = clientFor(served.url)
    await client.AllocateAddresses({ AddressCount: 20 })
    expect(await codeOf(client.AllocateAddresses({}))).toBe('AddressQuotaLimitExceeded')
    const { QuotaSet } = await client.DescribeAddressQuota()
    expect(QuotaSet).toMatchObject([
      { QuotaId: 'TOTAL_EIP_QUOTA', QuotaCurrent: 20, QuotaLimit: 20 },
      { QuotaId: 'DAILY_EIP_APPLY', QuotaCurrent: 20, QuotaLimit: 40 },
    ])
  })

  it('see old state when they are meant to', async () => {
    const client = clientFor(served.url)
    simulator.faults.add({ kind: 'stale-read', ms: 60_000, action: 'DescribeAddresses', count: 1 })
    await client.AllocateAddresses({})
    expect((await client.DescribeAddresses({})).TotalCount).toBe(0)
    expect((await client.DescribeAddresses({})).TotalCount).toBe(1)
  })
})

/** What the control endpoints answer, as far as these tests look into it. */
type Json = { id?: string } & Record<number, unknown>

describe('the control endpoints', () => {
  const control = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${served.url}/_sim${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return { status: response.status, body: (await response.json()) as Json }
  }

  it('list themselves', async () => {
    const { body } = await control('GET', '')
    expect(body).toContain(
      'GET /_sim/ledger: what happened to the addresses, in order; ?addressId= and ?after=<number> narrow it',
    )
  })

  it('register what EIPs are bound to, and tell what became of them', async () => {
    await control('PUT', '/instances', { instanceId: 'ins-1', cpu: 4 })
    await control('PUT', '/network-interfaces', { networkInterfaceId: 'eni-1', instanceId: 'ins-1' })
    await control('PUT', '/network-interfaces/eni-1/private-ips/10.0.0.1')
    const client = clientFor(served.url)
    const { NetworkInterfaceSet } = await client.DescribeNetworkInterfaces({
      NetworkInterfaceIds: ['eni-1'],
    })
    expect(NetworkInterfaceSet).toMatchObject([
      {
        Attachment: { InstanceId: 'ins-1' },
        PrivateIpAddressSet: [{ PrivateIpAddress: '10.0.0.1', Primary: true }],
      },
    ])
    const { AddressSet, RequestId } = await client.AllocateAddresses({ ClientToken: 't' })
    const { body: ledger } = await control('GET', `/ledger?addressId=${AddressSet![0]}`)
    expect(ledger[0]).toMatchObject({ event: 'allocated', requestId: RequestId, clientToken: 't' })
    expect((await control('GET', '/state')).body).toMatchObject({ quotas: { total: { used: 1, limit: 20 } } })
    expect((await control('GET', '/billing')).body).toHaveLength(1)
    await control('DELETE', '/network-interfaces/eni-1/private-ips/10.0.0.1')
    expect(simulator.region().networkInterfaces()[0]?.privateIps).toEqual([])
  })

  it('switch faults and change quotas', async () => {
    const { body } = await control('POST', '/faults', { kind: 'error', code: 'InternalError' })
    const client = clientFor(served.url)
    expect(await codeOf(client.DescribeAddressQuota())).toBe('InternalError')
    expect((await control('DELETE', `/faults/${body.id}`)).body).toEqual({ ok: true })
    await control('PATCH', '/config', { quotas: { total: 0 } })
    expect(await codeOf(client.AllocateAddresses({}))).toBe('AddressQuotaLimitExceeded')
    expect(JSON.stringify((await control('GET', '/config')).body)).not.toContain('secretKey')
  })

  it('say what they do not understand', async () => {
    expect(await control('POST', '/faults', { kind: 'earthquake' })).toMatchObject({ status: 400 })
    expect(await control('PUT', '/network-interfaces/eni-9/private-ips/10.0.0.1')).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining('There is no network interface eni-9') },
    })
    expect(await control('GET', '/coffee')).toMatchObject({ status: 404 })
  })
})

describe('a restart', () => {
  it('loses nothing', async () => {
    const { AddressSet } = await clientFor(served.url).AllocateAddresses({ ClientToken: 't' })
    await served.close()
    const stateFile = join(folder, 'state.json')
    simulator = open(await readStateFile(stateFile))
    served = await serveCloudSimulator(simulator, { port: 0, stateFile })
    const again = await clientFor(served.url).AllocateAddresses({ ClientToken: 't' })
    expect(again.AddressSet).toEqual(AddressSet)
    const allocated = simulator
      .region()
      .ledger()
      .filter((entry) => entry.event === 'allocated')
    expect(allocated).toMatchObject([{ clientToken: 't' }])
  })

  it('refuses a file that is something else', async () => {
    await writeFile(join(folder, 'state.json'), '{"hello":1}')
    await expect(readStateFile(join(folder, 'state.json'))).rejects.toThrow(
      'is no state of a cloud simulator',
    )
    expect(await readStateFile(join(folder, 'none.json'))).toBeUndefined()
  })
})

describe('the program', () => {
  const main = fileURLToPath(new URL('../../packages/simulators/src/cloud/main.ts', import.meta.url))

  const start = async (...args: string[]): Promise<{ child: ChildProcess; url: string }> => {
    const child = spawn(process.execPath, [main, '--port', '0', ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = (await once(child.stdout!, 'data')) as [Buffer]
    return { child, url: /https?:\/\/[^"]+/.exec(line.toString())![0] }
  }

  it('keeps its state over SIGKILL, as of the last save, and over SIGTERM whole', async () => {
    const stateFile = join(folder, 'program.json')
    const first = await start('--state', stateFile, '--quota', '2')
    const { AddressSet } = await clientFor(first.url).AllocateAddresses({})
    await vi.waitFor(async () => expect(await readFile(stateFile, 'utf8')).toContain(AddressSet![0]))
    first.child.kill('SIGKILL')
    await once(first.child, 'exit')

    const second = await start('--state', stateFile, '--quota', '2')
    const more = await clientFor(second.url).AllocateAddresses({})
    second.child.kill('SIGTERM')
    expect(await once(second.child, 'exit')).toEqual([0, null])
    const saved = await readFile(stateFile, 'utf8')
    expect(saved).toContain(AddressSet![0])
    expect(saved).toContain(more.AddressSet![0])
  })

  it('says what is wrong with a flag', async () => {
    const child = spawn(process.execPath, [main, '--quota', 'many'], { stdio: ['ignore', 'ignore', 'pipe'] })
    const [line] = (await once(child.stderr!, 'data')) as [Buffer]
    expect(line.toString()).toContain('CLOUD_SIMULATOR_QUOTA (--quota) is "many": not a whole number.')
    expect(await once(child, 'exit')).toEqual([2, null])
  })
})
