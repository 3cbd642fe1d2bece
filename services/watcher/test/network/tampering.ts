import type { ServerResponse } from 'node:http'

/** What becomes of bytes on their way to the watcher: these instead, and then this. */
export interface Tampering {
  bytes: Buffer
  /**
   * `cut`: the connection is reset. `half-close`: our side ends it within the answer, the other side stays open.
   * `stall`: nothing more comes, the connection stays open. `end`: the answer ends in good order.
   */
  next: 'go on' | 'cut' | 'half-close' | 'stall' | 'end'
}

/** Does to the answer what is to be done; returns whether it goes on. */
export function tamper(response: ServerResponse, { bytes, next }: Tampering): boolean {
  if (bytes.length > 0) response.write(bytes)
  const { socket } = response
  switch (next) {
    case 'go on':
      return true
    case 'end':
      response.end()
      return false
    case 'half-close':
      socket?.end()
      return false
    case 'cut':
      // Behind the bytes: a reset at once would overtake them.
      socket?.end(() => socket.destroy())
      return false
    case 'stall':
      return false
  }
}
