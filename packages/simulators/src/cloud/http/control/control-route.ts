import type { CloudSimulator } from '../../simulator.ts'

/** What a control route gets. */
export interface ControlRequest {
  simulator: CloudSimulator
  /** The parts of the path that the pattern leaves open. */
  path: Record<string, string>
  query: URLSearchParams
  body: unknown
}

export interface ControlRoute {
  method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE'
  /** Below `/_sim`; `:name` stands for one part. */
  pattern: string
  /** One line for whoever asks `GET /_sim`. */
  says: string
  handle(request: ControlRequest): unknown
}

/** The region that `?account=` and `?region=` name. */
export const regionOf = ({ simulator, query }: ControlRequest) => {
  const account = query.get('account')
  const region = query.get('region')
  return simulator.region({ ...(account && { account }), ...(region && { region }) })
}

/** The answer of what has nothing to tell. */
export const done = { ok: true }
