/** An error as Node, TLS and the stores' clients give it. */
interface Failure {
  code?: string
  message?: string
  /** Of several addresses that were tried. */
  errors?: unknown[]
  /** Of a certificate that is for others: whom it names, such as `DNS:db.example.com`. */
  cert?: { subjectaltname?: string }
}

const untrusted =
  'has a certificate of an authority that is not trusted here; give the certificate of that authority (docs/operating.md, TLS)'
const wantsCertificate =
  'wants a client certificate that it trusts; give one with its key (docs/operating.md, TLS)'
const noAnswer =
  'does not answer; check host and port, the firewalls between, and whether it speaks TLS there'
const cutOff = 'broke the connection off; see what it logs, and whether it wants TLS'
const noTls =
  'does not speak TLS there; turn it on at the server, correct the port, or ask for none in the URL'

/** What is wrong, after the name of the store, by the code of the error. */
const byCode: Readonly<Record<string, string>> = {
  ENOTFOUND: 'has a host name that nobody knows; correct its address',
  EAI_AGAIN: 'has a host name that nobody knows; correct its address',
  ETIMEDOUT: noAnswer,
  EHOSTUNREACH: noAnswer,
  ENETUNREACH: noAnswer,
  ECONNRESET: cutOff,
  EPIPE: cutOff,
  '28P01': 'does not let this user in; correct user and password',
  '28000': 'does not let this user in; correct user and password',
  '3D000': 'has no database of that name; create it, or correct the name',
  '42501':
    'does not let this user make or read the event log; grant it the rights on the schema, or use the owner',
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_GET_ISSUER_CERT: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  CERT_SIGNATURE_FAILURE: untrusted,
  CERT_HAS_EXPIRED: 'has a certificate that has expired; renew it, or set the clock of this machine right',
  CERT_NOT_YET_VALID:
    'has a certificate that is not valid yet; renew it, or set the clock of this machine right',
  ERR_SSL_WRONG_VERSION_NUMBER: noTls,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: noTls,
  EPROTO: noTls,
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: wantsCertificate,
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: wantsCertificate,
  ERR_SSL_TLS_ALERT_CERTIFICATE_REQUIRED: wantsCertificate,
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: wantsCertificate,
  ERR_SSL_TLS_ALERT_HANDSHAKE_FAILURE: wantsCertificate,
}

/** The same for what comes without a code of its own, by a part of the message; asked first. */
const byWords: readonly (readonly [RegExp, string])[] = [
  [/does not support SSL/, noTls],
  [/no encryption$/m, 'takes no connection without TLS; add sslmode=verify-full to its URL'],
  [/valid client certificate/, wantsCertificate],
  [/^Connection is closed/, cutOff],
  [/^(WRONGPASS|NOAUTH)\b/, 'does not let this user in; correct user and password'],
  [/timeout exceeded when trying to connect|connection timeout$|^connect ETIMEDOUT/, noAnswer],
]

/**
 * What is wrong with a connection, and what to do, for what Node, Postgres and Redis say; `null` for others, whose
 * message has to do. Never a secret.
 * @param what that is connected to, such as "Postgres at DATABASE_URL"
 */
export function connectionFault(error: unknown, what: string): string | null {
  const { code = '', message = '', errors, cert } = error as Failure
  if (code === 'ECONNREFUSED')
    return `nothing listens where ${what} should be; start it, or correct its address`
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const names = cert?.subjectaltname
    return `${what} has a certificate for another host${names ? ` (${names})` : ''}; connect by a name that stands in it, or renew it`
  }
  const says = byWords.find(([words]) => words.test(message))?.[1] ?? byCode[code]
  if (says !== undefined) return `${what} ${says}`
  return errors?.[0] ? connectionFault(errors[0], what) : null
}
