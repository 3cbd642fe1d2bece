/** One field that is wrong, as in `Status.details.causes`. */
export interface Cause {
  reason:
    | 'FieldValueRequired'
    | 'FieldValueInvalid'
    | 'FieldValueForbidden'
    | 'FieldValueNotSupported'
    | 'FieldValueTypeInvalid'
    | 'FieldValueDuplicate'
    | 'FieldValueNotFound'
    | 'FieldValueTooLong'
    | 'FieldValueTooMany'
    | 'ResourceVersionTooLarge'
    | 'FieldManagerConflict'
  message: string
  field: string
}

export interface StatusDetails {
  name?: string
  group?: string
  kind?: string
  uid?: string
  causes?: Cause[]
  retryAfterSeconds?: number
}

/** The API server's refusal of a request, in the shape of its Status object. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  /** HTTP status. */
  readonly code: number
  readonly reason: string
  readonly details: StatusDetails
  /** Where a list that cannot go on as it was may go on in the present. */
  continue?: string

  constructor(code: number, reason: string, message: string, details: StatusDetails = {}) {
    super(message)
    this.code = code
    this.reason = reason
    this.details = details
  }
}

/** What an error is about. */
export interface Subject {
  group: string
  plural: string
  kind: string
}

const qualified = ({ group, plural }: Subject) => (group === '' ? plural : `${plural}.${group}`)
const detailsOf = ({ group, plural }: Subject, name: string): StatusDetails => ({
  ...(name === '' ? {} : { name }),
  ...(group === '' ? {} : { group }),
  kind: plural,
})

export function notFound(subject: Subject, name: string): ApiError {
  return new ApiError(404, 'NotFound', `${qualified(subject)} "${name}" not found`, detailsOf(subject, name))
}

export function alreadyExists(subject: Subject, name: string): ApiError {
  const message = `${qualified(subject)} "${name}" already exists`
  return new ApiError(409, 'AlreadyExists', message, detailsOf(subject, name))
}

export function conflict(subject: Subject, name: string, why: string): ApiError {
  const message = `Operation cannot be fulfilled on ${qualified(subject)} "${name}": ${why}`
  return new ApiError(409, 'Conflict', message, detailsOf(subject, name))
}

/** The conflict of a writer whose resourceVersion is not the latest. */
export function staleWrite(subject: Subject, name: string): ApiError {
  return conflict(
    subject,
    name,
    'the object has been modified; please apply your changes to the latest version and try again',
  )
}

/** The conflict of one who means another object of the same name. */
export function otherUid(subject: Subject, found: { name: string; uid?: string }, asked: string): ApiError {
  const why = `the UID in the precondition (${asked}) does not match the UID in record (${found.uid}). The object might have been deleted and then recreated`
  return conflict(subject, found.name, why)
}

export function invalid(subject: Subject, name: string, causes: Cause[]): ApiError {
  const kind = subject.group === '' ? subject.kind : `${subject.kind}.${subject.group}`
  const sentences = causes.map(({ field, message }) => `${field}: ${message}`)
  const told = sentences.length === 1 ? sentences[0] : `[${sentences.join(', ')}]`
  return new ApiError(422, 'Invalid', `${kind} "${name}" is invalid: ${told}`, {
    ...detailsOf(subject, name),
    kind: subject.kind,
    causes,
  })
}

/** What is wrong with the options of a request, such as `ListOptions`. */
export function invalidOptions(kind: string, causes: Cause[]): ApiError {
  return invalid({ group: 'meta.k8s.io', plural: '', kind }, '', causes)
}

export function badRequest(message: string): ApiError {
  return new ApiError(400, 'BadRequest', message)
}

/** What a real API server has no reason for. */
export function internalError(message: string): ApiError {
  return new ApiError(500, '', message)
}

export function forbidden(subject: Subject, name: string, why: string): ApiError {
  const message = `${qualified(subject)} "${name}" is forbidden: ${why}`
  return new ApiError(403, 'Forbidden', message, detailsOf(subject, name))
}

/** The answer to a watch or a list of a version that the history no longer holds. */
export function expired(asked: string, oldest: string): ApiError {
  return new ApiError(410, 'Expired', `too old resource version: ${asked} (${oldest})`)
}

/** The answer to a list of a version that is yet to come. */
export function tooLarge(asked: string, current: number): ApiError {
  const message = `Timeout: Too large resource version: ${asked}, current: ${current}`
  const causes: Cause[] = [
    { reason: 'ResourceVersionTooLarge', message: 'Too large resource version', field: '' },
  ]
  return new ApiError(504, 'Timeout', message, { causes, retryAfterSeconds: 1 })
}

/** Constructors of {@link Cause}s, in the API server's words. */
export const cause = {
  required: (field: string, message = ''): Cause => ({
    reason: 'FieldValueRequired',
    message: message === '' ? 'Required value' : `Required value: ${message}`,
    field,
  }),
  invalid: (field: string, value: unknown, message: string): Cause => ({
    reason: 'FieldValueInvalid',
    message: `Invalid value: ${JSON.stringify(value)}: ${message}`,
    field,
  }),
  forbidden: (field: string, message: string): Cause => ({
    reason: 'FieldValueForbidden',
    message: `Forbidden: ${message}`,
    field,
  }),
  notSupported: (field: string, value: unknown, supported: readonly unknown[]): Cause => ({
    reason: 'FieldValueNotSupported',
    message: `Unsupported value: ${JSON.stringify(value)}: supported values: ${supported.map((v) => JSON.stringify(v)).join(', ')}`,
    field,
  }),
  duplicate: (field: string, value: unknown): Cause => ({
    reason: 'FieldValueDuplicate',
    message: `Duplicate value: ${JSON.stringify(value)}`,
    field,
  }),
  notFound: (field: string, value: unknown): Cause => ({
    reason: 'FieldValueNotFound',
    message: `Not found: ${JSON.stringify(value)}`,
    field,
  }),
  tooLong: (field: string, most: number): Cause => ({
    reason: 'FieldValueTooLong',
    message: `Too long: may not be more than ${most} bytes`,
    field,
  }),
  tooMany: (field: string, count: number, most: number): Cause => ({
    reason: 'FieldValueTooMany',
    message: `Too many: ${count}: must have at most ${most} items`,
    field,
  }),
  type: (field: string, value: unknown, message: string): Cause => ({
    reason: 'FieldValueTypeInvalid',
    message: `Invalid value: ${JSON.stringify(value)}: ${message}`,
    field,
  }),
}
