import { readFile } from 'node:fs/promises'
import type { Clock } from '@pod-eip/runtime'
import * as z from 'zod'
import { classifyErrorCode } from '../tencent/classify-error.ts'
import { type CredentialSource, refreshingCredential, type TemporaryCredential } from './credential-source.ts'
import { fetchJson, refused, unreachable } from './fetch-json.ts'

/** The identity that TKE gives a Pod through its service account. */
export interface OidcIdentity {
  region: string
  providerId: string
  roleArn: string
  /** File with the service account's token; it is rotated, so it is read for every new credential. */
  tokenFile: string
}

export interface OidcOptions {
  clock: Clock
  /** URL of the STS API. */
  stsEndpoint?: string
  timeoutMs?: number
}

const stsAnswer = z.object({
  Response: z.union([
    z.object({
      Error: z.object({ Code: z.string(), Message: z.string() }),
      RequestId: z.string().optional(),
    }),
    z.object({
      Credentials: z.object({ TmpSecretId: z.string(), TmpSecretKey: z.string(), Token: z.string() }),
      /** Seconds since the Unix epoch. */
      ExpiredTime: z.number(),
    }),
  ]),
})

/**
 * The Pod's own identity: its service account's token exchanged for a temporary credential
 * (AssumeRoleWithWebIdentity). Not the SDK's provider: that one keeps a failed exchange for ever, and
 * renews 0.6 s before the end.
 */
export function oidcCredential(
  identity: OidcIdentity,
  { clock, stsEndpoint = 'https://sts.tencentcloudapi.com', timeoutMs = 10_000 }: OidcOptions,
): CredentialSource {
  const name = 'OIDC role of the Pod'
  return refreshingCredential(name, clock, async (): Promise<TemporaryCredential> => {
    const token = await readFile(identity.tokenFile, 'utf8').catch((error: NodeJS.ErrnoException) => {
      throw unreachable(
        name,
        `TKE_WEB_IDENTITY_TOKEN_FILE ${identity.tokenFile} cannot be read (${error.code})`,
      )
    })
    const answer = stsAnswer.safeParse(
      await fetchJson(
        name,
        stsEndpoint,
        {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            authorization: 'SKIP',
            'x-tc-action': 'AssumeRoleWithWebIdentity',
            'x-tc-version': '2018-08-13',
            'x-tc-region': identity.region,
            'x-tc-timestamp': String(Math.floor(clock.now() / 1000)),
          },
          body: JSON.stringify({
            ProviderId: identity.providerId,
            RoleArn: identity.roleArn,
            RoleSessionName: `pod-eip-${clock.now()}`,
            WebIdentityToken: token.trim(),
          }),
        },
        timeoutMs,
      ),
    )
    if (!answer.success) throw unreachable(name, 'the answer of STS is not as documented')
    const response = answer.data.Response
    if ('Error' in response) {
      const { Code, Message } = response.Error
      const said = `STS says ${Code}: ${Message}`
      if (classifyErrorCode(Code) === 'retry-soon') throw unreachable(name, said)
      throw refused(name, `${said}; check TKE_ROLE_ARN and TKE_PROVIDER_ID`, response.RequestId)
    }
    const { TmpSecretId, TmpSecretKey, Token } = response.Credentials
    return {
      credential: { secretId: TmpSecretId, secretKey: TmpSecretKey, token: Token },
      expiresAt: response.ExpiredTime * 1000,
    }
  })
}
