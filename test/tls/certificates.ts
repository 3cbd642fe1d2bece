import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { join } from 'node:path'
import * as x509 from '@peculiar/x509'

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const day = 86_400_000

/** A certificate with its key, as PEM. */
export interface Certified {
  certificate: string
  key: string
}

/** Signs certificates, as the authority of a company does. */
export interface Authority {
  /** Its own certificate, as PEM. */
  certificate: string
  /** For a server or client; `hosts` are the host names or addresses that it is for. */
  certify(name: string, hosts?: string[], validDays?: number): Promise<Certified>
}

export async function createAuthority(name: string): Promise<Authority> {
  const keys = await keyPair()
  const own = await x509.X509CertificateGenerator.createSelfSigned({
    ...{ name: `CN=${name}`, keys, signingAlgorithm: algorithm },
    ...validFor(1),
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
  })
  return {
    certificate: own.toString('pem'),
    async certify(subject, hosts = [], validDays = 1) {
      const theirs = await keyPair()
      const names = hosts.map((value) => ({ type: isIP(value) ? ('ip' as const) : ('dns' as const), value }))
      const certificate = await x509.X509CertificateGenerator.create({
        ...{ subject: `CN=${subject}`, issuer: own.subject, publicKey: theirs.publicKey },
        ...{ signingKey: keys.privateKey, signingAlgorithm: algorithm },
        ...validFor(validDays),
        extensions: names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : [],
      })
      const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', theirs.privateKey))
      return { certificate: certificate.toString('pem'), key: x509.PemConverter.encode(pkcs8, 'PRIVATE KEY') }
    },
  }
}

/** A folder as a Secret of Kubernetes is mounted. */
export async function writeTlsFolder(folder: string, authority: Authority, own?: Certified): Promise<string> {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'ca.crt'), authority.certificate)
  if (own) {
    await writeFile(join(folder, 'tls.crt'), own.certificate)
    await writeFile(join(folder, 'tls.key'), own.key)
  }
  return folder
}

function keyPair() {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
}

/** From a day before today, so that a certificate of less than no days has expired. */
function validFor(days: number) {
  const now = Date.now()
  return { notBefore: new Date(now - 2 * day), notAfter: new Date(now + days * day) }
}
