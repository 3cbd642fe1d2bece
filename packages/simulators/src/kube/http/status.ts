import { ApiError, type StatusDetails } from '../store/api-error.ts'

/** The API server's answer when it has no object to show. */
export interface Status {
  kind: 'Status'
  apiVersion: 'v1'
  metadata: object
  status: 'Success' | 'Failure'
  message?: string
  reason?: string
  details?: StatusDetails
  code: number
}

export function failure(error: unknown): Status {
  const { code, reason, message, details } =
    error instanceof ApiError ? error : new ApiError(500, 'InternalError', `internal error: ${String(error)}`)
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: error instanceof ApiError && error.continue ? { continue: error.continue } : {},
    status: 'Failure',
    message,
    ...(reason === '' ? {} : { reason }),
    ...(Object.keys(details).length > 0 ? { details } : {}),
    code,
  }
}

export function success(details: StatusDetails, code = 200): Status {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details, code }
}
