import type { Clock } from '@pod-eip/runtime'
import { CloudError } from '../cloud-error.ts'

/** What a request is signed with. Never logged. */
export interface Credential {
  secretId: string
  secretKey: string
  /** Only with temporary credentials. */
  token?: string
}

/** Where the credential comes from. */
export interface CredentialSource {
  /** Names the source without giving anything of it away, such as `environment`. */
  readonly name: string
  /**
   * The credential to sign with now. May be called as often as one likes.
   *
   * @throws CloudError `NoCredential`: `retry-soon` when the source cannot be reached, `back-off` when it
   *   refuses.
   */
  get(): Promise<Credential>
  /** The cloud refused what `get` gave: get a new one, if there is a way to. True when there is. */
  invalidate(): boolean
}

/** A temporary credential with its end, in milliseconds since the Unix epoch. */
export interface TemporaryCredential {
  credential: Credential
  expiresAt: number
}

/** A credential that never changes. */
export function fixedCredential(credential: Credential, name = 'fixed'): CredentialSource {
  return { name, get: async () => credential, invalidate: () => false }
}

/**
 * A new credential is fetched this long before the old one ends, so that a request signed with the old
 * one still arrives in time although clocks differ, and an unreachable source has time to come back.
 */
const refreshMarginMs = 5 * 60_000

/** At most one attempt in this time while a still valid credential is at hand. */
const refreshPauseMs = 10_000

/**
 * Keeps a temporary credential fresh. Concurrent callers share one fetch; a failed fetch is forgotten,
 * and while the old credential is still valid it is used instead.
 */
export function refreshingCredential(
  name: string,
  clock: Clock,
  fetchCredential: () => Promise<TemporaryCredential>,
): CredentialSource {
  let current: TemporaryCredential | undefined
  let underWay: Promise<TemporaryCredential> | undefined
  let notBefore = Number.NEGATIVE_INFINITY

  const refresh = () => {
    underWay ??= fetchCredential()
      .then((fetched) => {
        current = fetched
        return fetched
      })
      .finally(() => {
        underWay = undefined
        notBefore = clock.now() + refreshPauseMs
      })
    return underWay
  }

  return {
    name,
    async get() {
      const now = clock.now()
      const known = current
      if (known && now < known.expiresAt - refreshMarginMs) return known.credential
      const stillValid = known !== undefined && now < known.expiresAt
      if (stillValid && now < notBefore) return known.credential
      try {
        return (await refresh()).credential
      } catch (error) {
        if (stillValid) return known.credential
        if (error instanceof CloudError) throw error
        throw new CloudError('retry-soon', 'NoCredential', `${name}: ${String(error)}`)
      }
    },
    invalidate() {
      current = undefined
      return true
    },
  }
}
