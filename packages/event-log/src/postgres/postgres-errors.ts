import { StreamMovedError } from '../errors.ts'

/** Raised by the append function when a stream moved. */
const streamMoved = 'PE001'

/** Classes of SQLSTATE after which the same call can work: connection, resources, shutdown and start-up. */
const transientClasses = ['08', '53', '57P']
/** Serialization failure, deadlock, and a standby that has not been promoted yet. */
const transientCodes = ['40001', '40P01', '25006']

/** Whether an error comes from the connection or the server's state rather than from what was asked. */
export function isTransientPostgresError(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (transientCodes.includes(code) || transientClasses.some((c) => code.startsWith(c))) return true
  if (/^E[A-Z]+$/.test(code)) return true
  // The driver's own errors about a lost connection carry no code.
  return code === '' && /connection|timeout/i.test(error.message)
}

/** Gives an error of the append function its type. */
export function typedAppendError(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || error.code !== streamMoved) return error
  const detail = 'detail' in error && typeof error.detail === 'string' ? error.detail : '{}'
  const { stream, expected, actual } = JSON.parse(detail)
  return new StreamMovedError(stream, expected, actual)
}
