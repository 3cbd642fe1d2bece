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

/** A route that does something and has nothing to tell of it. */
export function doing(
  method: ControlRoute['method'],
  pattern: string,
  says: string,
  run: (request: ControlRequest) => void,
): ControlRoute {
  return {
    ...{ method, pattern, says },
    handle(request) {
      run(request)
      return { ok: true }
    },
  }
}
