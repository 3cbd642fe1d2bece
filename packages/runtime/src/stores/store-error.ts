import { connectionFault } from './connection-fault.ts'

/** A store cannot be used; the message is one sentence: which, why, what to do. Never a secret. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
}

/**
 * What a store's client threw, as a sentence for who starts a service.
 * @param what such as "Postgres"
 * @param variable where its address stands, such as `DATABASE_URL`
 */
export function storeError(error: unknown, what: string, variable: string, url: string): StoreError {
  const named = `${what} at ${variable} (${new URL(url).host})`
  const fault = connectionFault(error, named)
  const message = error instanceof Error && error.message ? error.message : String(error)
  return new StoreError(fault ?? `${named} cannot be used: ${message}`, { cause: error })
}
