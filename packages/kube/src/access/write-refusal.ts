import { presentable } from '@pod-eip/runtime'
import { KubeError } from '../cluster.ts'
import { missingRight } from './missing-right.ts'

/** Somebody will not have what was written. */
export interface WriteRefusal {
  /** Who: a policy or webhook by its name, else the API server. */
  by: string
  /** In his words, without a full stop at the end. */
  says: string
}

/** What the API server says of a request that somebody's admission rule refuses; the HTTP status says nothing. */
const admissions: { pattern: RegExp; by: string }[] = [
  {
    pattern: /'([^']+)' with binding '[^']*' denied request: ?(.*)$/s,
    by: 'ValidatingAdmissionPolicy',
  },
  {
    pattern: /admission webhook "([^"]+)" denied the request(?:: | )?(.*)$/s,
    by: 'admission webhook',
  },
  { pattern: /failed calling webhook "([^"]+)": ?(.*)$/s, by: 'admission webhook' },
]

/** What comes after it in a sentence is to be read too. */
const longestSays = 400

/** Statuses of what will not pass by itself: it is the request that is not to be had. */
const ofTheRequest = [400, 403, 413, 422]

/**
 * Who refused a write, whatever status he gave; `null` when nobody did: no answer, an API server that is not well, an
 * object that was replaced or has gone, a missing right (see {@link missingRight}).
 */
export function writeRefusal(error: unknown): WriteRefusal | null {
  if (!(error instanceof KubeError)) return null
  const { status, message } = error
  for (const { pattern, by } of admissions) {
    const [, name, says] = pattern.exec(message) ?? []
    if (name !== undefined) return { by: `${by} ${name}`, says: sentencePart(says!) }
  }
  if (!ofTheRequest.includes(status) || missingRight(error) !== null || isReplaced(error)) return null
  return { by: 'the API server', says: sentencePart(message) }
}

/** Another object has the name by now than the one whose uid the write names, or none has. */
export function isReplaced(error: unknown): boolean {
  if (!(error instanceof KubeError)) return false
  const { status, message } = error
  if (status === 422) return /\bmetadata\.uid: Invalid value\b/.test(message)
  return status === 409 && /\buid mismatch\b|\bUID in (the )?precondition\b/.test(message)
}

function sentencePart(says: string): string {
  return presentable(says.trim().replace(/\.$/, ''), longestSays) || 'no reason is given'
}
