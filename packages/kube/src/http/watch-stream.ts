import { KubeError, type KubeObject, type WatchEvent } from '../cluster.ts'
import { splitLines } from './json-lines.ts'
import { isResourceVersion } from './resource-version.ts'
import { connectionError, errorFromWatchEvent } from './status-error.ts'

/**
 * Reads watch events from the body of a watch's answer. Ends with the body or when `signal` aborts; throws
 * the server's error event, or status 0 when the stream breaks off or is not a watch stream.
 */
export async function* readWatchEvents(
  request: string,
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
  maxLineBytes: number,
): AsyncGenerator<WatchEvent> {
  try {
    for await (const line of splitLines(body, maxLineBytes)) {
      if (signal?.aborted) return
      yield parseWatchEvent(request, line)
    }
  } catch (error) {
    if (signal?.aborted) return
    throw error instanceof KubeError ? error : connectionError(request, error)
  }
}

function parseWatchEvent(request: string, line: string): WatchEvent {
  let event: { type?: unknown; object?: KubeObject }
  try {
    event = JSON.parse(line)
  } catch {
    throw new KubeError(0, 'BrokenStream', `${request}: the watch broke off within an event`)
  }
  switch (event?.type) {
    case 'ERROR':
      throw errorFromWatchEvent(request, event.object)
    case 'BOOKMARK':
      return { type: 'BOOKMARK', resourceVersion: versionOf(request, event.object) }
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      versionOf(request, event.object)
      return { type: event.type, object: event.object! }
    default:
      throw new KubeError(0, 'BrokenStream', `${request}: the watch sent an event of unknown type`)
  }
}

function versionOf(request: string, object: KubeObject | undefined): string {
  const version = object?.metadata?.resourceVersion
  if (!isResourceVersion(version)) {
    throw new KubeError(0, 'BrokenStream', `${request}: the watch sent an event without a resourceVersion`)
  }
  return version
}
