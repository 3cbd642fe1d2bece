import { Agent } from 'node:http'
import { CloudError, noAnswer, notSent } from '../cloud-error.ts'
import type { Credential, CredentialSource } from '../credentials/credential-source.ts'
import type { CallVpcApi } from '../vpc-api/call-vpc-api.ts'
import { hideCredential } from './hide-credential.ts'
import { readAnswer, type SdkResponse } from './read-answer.ts'
import { translateSdkError } from './translate-sdk-error.ts'

export interface TencentVpcApiOptions {
  /** Such as `ap-guangzhou`. */
  region: string
  /** Another address of the VPC API, such as `http://127.0.0.1:9999`; the scheme decides the protocol. */
  endpoint?: string
  credential: CredentialSource
  /** How long to wait for one answer. */
  requestTimeoutMs?: number
}

/**
 * The VPC API of Tencent Cloud, over its SDK. Makes each call once; only a call that was refused because of its
 * signature, and so did nothing, is signed anew and sent a second time. `createEipCloudOverVpcApi` makes the port of it.
 *
 * @throws Error when `endpoint` is not an address.
 */
export function createTencentVpcApi(options: TencentVpcApiOptions): CallVpcApi {
  const { credential, requestTimeoutMs = 10_000 } = options
  const http = httpProfile(options.endpoint, requestTimeoutMs)
  // The SDK costs 58 MiB and 0.14 s: loaded with the first call, so that only who calls Tencent pays.
  let loading: ReturnType<typeof loadClient> | undefined

  const send = async (
    signedWith: Credential,
    action: string,
    request: Record<string, unknown>,
    signal: AbortSignal | undefined,
  ) => {
    loading ??= loadClient()
    const Client = await loading
    const client = new Client('vpc.tencentcloudapi.com', '2017-03-12', {
      region: options.region,
      credential: signedWith,
      profile: { language: 'en-US', httpProfile: http },
    })
    // Private in the SDK's types; it calls it with the response of node-fetch.
    Object.assign(client, { parseResponse: (response: SdkResponse) => readAnswer(action, response) })
    if (signal?.aborted) throw notSent(action, 'it was cancelled before')
    // The SDK's own timeout begins anew with every byte; this one does not.
    const timeout = AbortSignal.timeout(requestTimeoutMs)
    const over = new AbortController()
    const either = AbortSignal.any([over.signal, timeout, ...(signal ? [signal] : [])])
    try {
      return (await client.request(action, request, { signal: either })) as unknown
    } catch (error) {
      if (timeout.aborted) throw noAnswer(action, `none came in ${requestTimeoutMs} ms`)
      throw hideCredential(translateSdkError(action, error), signedWith)
    } finally {
      // Ends the connection of an answer that was not read to its end.
      over.abort()
    }
  }

  return async (action, request, signal) => {
    try {
      return await send(await credential.get(), action, request, signal)
    } catch (error) {
      const refusedSignature = error instanceof CloudError && error.code.startsWith('AuthFailure.')
      if (!refusedSignature || !credential.invalidate()) throw error
      return await send(await credential.get(), action, request, signal)
    }
  }
}

/** The client of any service: that of VPC adds a method for each of its 500 actions, and 4 MB of memory. */
async function loadClient() {
  // CommonJS without named exports that Node could see.
  const sdk = await import('tencentcloud-sdk-nodejs/tencentcloud/common/common_client.js')
  return sdk.default.CommonClient
}

function httpProfile(endpoint: string | undefined, requestTimeoutMs: number) {
  const reqTimeout = requestTimeoutMs / 1000
  if (endpoint === undefined) return { reqTimeout }
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.pathname !== '/') {
    throw new Error(
      `POD_EIP_CLOUD_ENDPOINT is "${endpoint}": give scheme and host only, such as https://vpc.tencentcloudapi.com`,
    )
  }
  return {
    reqTimeout,
    endpoint: url.host,
    protocol: `${url.protocol}//`,
    // Without an agent the SDK sends everything through http_proxy, the machine next door included.
    ...(url.protocol === 'http:' ? { agent: new Agent({ keepAlive: true }) } : {}),
  }
}
