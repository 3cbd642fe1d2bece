import { applyPatch, type Operation } from 'rfc6902'
import { ApiError, badRequest } from '../store/api-error.ts'
import { copy } from '../store/json.ts'

/**
 * JSON patch (RFC 6902).
 *
 * @throws ApiError 422 when an operation fails, such as a `test` or a path that is not there
 */
export function jsonPatch<T>(target: T, operations: unknown): T {
  if (!Array.isArray(operations)) throw badRequest('a JSON patch is a list of operations')
  const result = { document: copy(target) }
  const prefixed = operations.map((operation: Operation) => ({
    ...operation,
    path: `/document${operation.path}`,
    ...('from' in operation ? { from: `/document${operation.from}` } : {}),
  }))
  const failure = applyPatch(result, prefixed as Operation[]).find((error) => error !== null)
  if (failure) {
    throw new ApiError(
      422,
      'Invalid',
      `the server rejected our request due to an error in our request: ${failure.message.replace('/document', '')}`,
    )
  }
  return result.document
}
