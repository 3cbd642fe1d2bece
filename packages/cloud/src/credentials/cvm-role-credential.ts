import type { Clock } from '@pod-eip/runtime'
import * as z from 'zod'
import { type CredentialSource, refreshingCredential, type TemporaryCredential } from './credential-source.ts'
import { fetchJson, fetchText, refused } from './fetch-json.ts'

export interface CvmRoleOptions {
  clock: Clock
  /** URL of the instance metadata service. */
  metadataEndpoint?: string
  timeoutMs?: number
}

const roleAnswer = z.object({
  Code: z.literal('Success'),
  TmpSecretId: z.string(),
  TmpSecretKey: z.string(),
  Token: z.string(),
  /** Seconds since the Unix epoch. */
  ExpiredTime: z.number(),
})

/**
 * The role of the CVM that the process runs on. Every Pod of that node could use it as well, so it is
 * taken only when asked for by name.
 */
export function cvmRoleCredential({
  clock,
  metadataEndpoint = 'http://metadata.tencentyun.com',
  timeoutMs = 5_000,
}: CvmRoleOptions): CredentialSource {
  const name = 'role of the CVM'
  const roles = `${metadataEndpoint}/latest/meta-data/cam/security-credentials/`
  return refreshingCredential(name, clock, async (): Promise<TemporaryCredential> => {
    const role = (await fetchText(name, roles, {}, timeoutMs)).trim()
    const answer = roleAnswer.safeParse(
      await fetchJson(name, `${roles}${encodeURIComponent(role)}`, {}, timeoutMs),
    )
    if (!answer.success) throw refused(name, `the metadata service gives none for the role ${role}`)
    return {
      credential: {
        secretId: answer.data.TmpSecretId,
        secretKey: answer.data.TmpSecretKey,
        token: answer.data.Token,
      },
      expiresAt: answer.data.ExpiredTime * 1000,
    }
  })
}
