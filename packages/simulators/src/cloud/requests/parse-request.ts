import type * as z from 'zod'
import { ApiError } from './api-error.ts'
import { type Action, type Request, schemas } from './schemas.ts'

/**
 * The request as its action documents it.
 *
 * @throws ApiError with the code for what is wrong first.
 */
export function parseRequest<A extends Action>(action: A, body: unknown): Request<A> {
  const parsed = schemas[action].safeParse(body)
  if (parsed.success) return parsed.data as Request<A>
  throw describeIssue(parsed.error.issues[0]!, body)
}

function describeIssue(issue: z.core.$ZodIssue, body: unknown): ApiError {
  const name = issue.path.map(String).join('.')
  switch (issue.code) {
    case 'custom':
      return new ApiError(String(issue.params?.code ?? 'InvalidParameterValue'), issue.message)
    case 'unrecognized_keys':
      return new ApiError(
        'UnknownParameter',
        `The parameter \`${[...issue.path, issue.keys[0]].map(String).join('.')}\` is not recognized.`,
      )
    case 'invalid_type':
      return valueAt(body, issue.path) === undefined
        ? new ApiError('MissingParameter', `The request is missing the required parameter \`${name}\`.`)
        : new ApiError(
            'InvalidParameter',
            `The value type of parameter \`${name}\` is not ${issue.expected}.`,
          )
    default:
      return new ApiError(
        'InvalidParameterValue',
        `The value of parameter \`${name}\` is not valid: ${issue.message}.`,
      )
  }
}

function valueAt(body: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    body,
  )
}
