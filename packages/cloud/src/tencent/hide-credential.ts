import { CloudError } from '../cloud-error.ts'
import type { Credential } from '../credentials/credential-source.ts'

/** Shorter ones would be found in any sentence. */
const shortest = 4

/**
 * The error without what the call was signed with: whoever answers may quote the request, and what he says goes to
 * logs, conditions and the event log.
 */
export function hideCredential(error: CloudError, { secretKey, token, secretId }: Credential): CloudError {
  const { class: errorClass, code, requestId } = error
  const secrets = [secretKey, token, secretId].filter(
    (secret) => secret !== undefined && secret.length >= shortest,
  )
  const hide = (text: string) =>
    secrets
      .flatMap((secret) => [secret!, encodeURIComponent(secret!), JSON.stringify(secret).slice(1, -1)])
      .reduce((hidden, secret) => hidden.replaceAll(secret, '(hidden)'), text)
  return new CloudError(errorClass, hide(code), hide(error.message), hide(requestId))
}
