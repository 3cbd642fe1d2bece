import {
  type Credential,
  type CredentialSource,
  createEipCloudOverVpcApi,
  createTencentVpcApi,
  fixedCredential,
} from '@pod-eip/cloud'
import { systemClock, systemIds, systemRandom } from '@pod-eip/runtime'
import {
  type CloudSimulator,
  createCloudSimulator,
  type ServedCloudSimulator,
  serveCloudSimulator,
} from '@pod-eip/simulators/cloud'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

/** What only an adapter that signs and connects can get wrong. */

let simulator: CloudSimulator
let served: ServedCloudSimulator

beforeEach(async () => {
  simulator = createCloudSimulator({ clock: systemClock, random: systemRandom, ids: systemIds })
  served = await serveCloudSimulator(simulator, { port: 0 })
})
afterEach(() => served.close())

const cloudWith = (credential: CredentialSource, endpoint = served.url) =>
  createEipCloudOverVpcApi(createTencentVpcApi({ region: 'ap-guangzhou', endpoint, credential }))

const good: Credential = { secretId: 'AKIDsimulated', secretKey: 'simulated' }
const expired: Credential = { ...good, token: 'expired' }

describe('a refused signature', () => {
  it('is renewed once where the credential can be', async () => {
    let current = expired
    const given: Credential[] = []
    const cloud = cloudWith({
      name: 'temporary',
      async get() {
        given.push(current)
        return current
      },
      invalidate() {
        current = good
        return true
      },
    })
    const { addressIds } = await cloud.allocateAddresses({
      clientToken: 't',
      addressCount: 1,
      internetServiceProvider: 'BGP',
      internetChargeType: 'TRAFFIC_POSTPAID_BY_HOUR',
      internetMaxBandwidthOut: 1,
      tags: [],
    })
    expect(given).toEqual([expired, good])
    expect(simulator.region().addresses()).toMatchObject([{ addressId: addressIds[0] }])
  })

  it('is an error where nothing better is to be had, and after one renewal', async () => {
    const refused = { class: 'terminal', code: 'AuthFailure.TokenFailure' }
    await expect(cloudWith(fixedCredential(expired)).describeAddressQuota()).rejects.toMatchObject(refused)
    let renewals = 0
    const hopeless: CredentialSource = {
      name: 'hopeless',
      get: async () => expired,
      invalidate: () => ++renewals > 0,
    }
    await expect(cloudWith(hopeless).describeAddressQuota()).rejects.toMatchObject(refused)
    expect(renewals).toBe(1)
  })

  it('never shows the secret', async () => {
    const cloud = cloudWith(fixedCredential({ ...good, secretKey: 'hush-hush' }))
    const error = await cloud.describeAddressQuota().catch((reason: Error) => reason)
    expect(error).toMatchObject({ code: 'AuthFailure.SignatureFailure' })
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('hush-hush')
  })
})

describe('an endpoint', () => {
  it('where nobody listens was sent nothing', async () => {
    const { url } = served
    await served.close()
    served = await serveCloudSimulator(simulator, { port: 0 })
    await expect(cloudWith(fixedCredential(good), url).describeAddressQuota()).rejects.toMatchObject({
      class: 'retry-soon',
      code: 'NotSent',
    })
  })

  it.each(['vpc.tencentcloudapi.com', 'ftp://x', 'http://x/path'])(
    '%s is refused with a sentence',
    (endpoint) => {
      expect(() => cloudWith(fixedCredential(good), endpoint)).toThrow('give scheme and host only')
    },
  )

  it('on this machine is not reached through a proxy', async () => {
    const before = process.env.http_proxy
    process.env.http_proxy = 'http://127.0.0.1:9'
    try {
      expect(await cloudWith(fixedCredential(good)).describeAddressQuota()).toHaveLength(2)
    } finally {
      if (before === undefined) delete process.env.http_proxy
      else process.env.http_proxy = before
    }
  })
})
