import { randomBytes } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Something that runs for whoever asks: how to reach it, and its end. */
export interface Served {
  /** What whoever asks is told, such as a URL. */
  answer: string
  stop(): Promise<void>
}

/** Things that are started when the first test asks. */
export interface OnDemand {
  /** Where to ask: GET `<url>/<name>`. Only who is told this URL can. */
  url: string
  /** Stops whatever was started. */
  stop(): Promise<void>
}

/**
 * For vitest's global setups, whose test workers are other processes. Starts nothing but a small HTTP server; the
 * first question for a name starts what it stands for, once for all who ask, so that a run that needs none of it
 * pays nothing. What does not start is answered with 503 and the reason.
 */
export async function serveOnDemand(starts: Record<string, () => Promise<Served>>): Promise<OnDemand> {
  const key = randomBytes(16).toString('hex')
  const started = new Map<string, Promise<Served>>()
  const broker = createServer((request, response) => {
    // One that is kept open is closed after some idle seconds, and who asks again just then is cut off.
    response.shouldKeepAlive = false
    const [path, name] = (request.url ?? '').slice(1).split('/')
    const start = path === key && name !== undefined && Object.hasOwn(starts, name) ? starts[name] : undefined
    if (start === undefined) {
      response.writeHead(404).end()
      return
    }
    const running = started.get(name!) ?? start()
    started.set(name!, running)
    tell(response, running)
  })
  await new Promise<void>((resolve) => broker.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(broker.address() as AddressInfo).port}/${key}`,
    async stop() {
      broker.closeAllConnections()
      broker.close()
      const stops = [...started.values()].map(async (start) => (await start.catch(() => undefined))?.stop())
      await Promise.all(stops)
    },
  }
}

/** What a name stands for, asked of the URL of {@link OnDemand}. @throws Error with the reason why it did not start */
export async function askOnDemand(url: string, name: string): Promise<string> {
  const answer = await fetch(`${url}/${name}`)
  const text = await answer.text()
  if (!answer.ok) throw new Error(text)
  return text
}

function tell(response: ServerResponse, running: Promise<Served>): void {
  running.then(
    ({ answer }) => response.end(answer),
    (error: Error) => response.writeHead(503).end(error.message),
  )
}
