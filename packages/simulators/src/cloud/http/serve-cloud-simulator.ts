import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { CloudSimulator } from '../simulator.ts'
import { answerApi } from './answer-api.ts'
import { answerControl } from './control/answer-control.ts'
import { saveStateTo } from './state-file.ts'

export interface ServeOptions {
  /** 0 takes any free one. */
  port: number
  /** Default: this machine only; the control endpoints ask nobody who he is. */
  host?: string
  /** Where the state is kept over restarts. */
  stateFile?: string
  /** What goes wrong in the background, such as a state file that cannot be written. */
  onError?: (error: unknown) => void
}

export interface ServedCloudSimulator {
  /** For POD_EIP_CLOUD_ENDPOINT. */
  url: string
  /** Stops listening, drops open connections and saves the state. */
  close(): Promise<void>
}

/** The simulated cloud behind HTTP: the API at POST `/`, the control endpoints below `/_sim`. */
export async function serveCloudSimulator(
  simulator: CloudSimulator,
  { port, host = '127.0.0.1', stateFile, onError = console.error }: ServeOptions,
): Promise<ServedCloudSimulator> {
  const saver = stateFile === undefined ? undefined : saveStateTo(stateFile, simulator, onError)
  const closing = new AbortController()
  const server = createServer((request, response) => {
    route(simulator, request, response, closing.signal).catch((error: unknown) => {
      // A caller that hung up is no fault of ours.
      if (request.destroyed && !request.complete) return
      onError(error)
      response.destroy()
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    async close() {
      closing.abort()
      await new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections()
      })
      await saver?.close()
    },
  }
}

async function route(
  simulator: CloudSimulator,
  request: IncomingMessage,
  response: ServerResponse,
  closing: AbortSignal,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://simulator')
  if (url.pathname === '/_sim' || url.pathname.startsWith('/_sim/')) {
    await answerControl(simulator, request, response, url)
  } else if (url.pathname === '/' && request.method === 'POST') {
    await answerApi(simulator, request, response, closing)
  } else {
    response.writeHead(404, { 'content-type': 'text/plain' })
    response.end('POST / is the API, GET /_sim lists the control endpoints\n')
  }
}
