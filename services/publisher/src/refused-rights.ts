import { missingRight } from '@pod-eip/kube'
import type { Logger } from '@pod-eip/runtime'

/** Keeps in mind what the API server does not let this process do. */
export interface RefusedRights {
  /** @param what failed, such as a stream that could not be published. Whether the error was of that kind. */
  note(what: string, error: unknown): boolean
  /** It has worked. */
  forget(what: string): void
  /** What an operator has to grant: one sentence, else empty. */
  sentence(): string
}

/** Rights that are named in a sentence, at most. */
const mostNamed = 5

export function createRefusedRights(logger: Logger): RefusedRights {
  const byWhat = new Map<string, string>()

  function sentence(): string {
    const rights = [...new Set(byWhat.values())].sort()
    if (rights.length === 0) return ''
    const more = rights.length > mostNamed ? ` and ${rights.length - mostNamed} more` : ''
    return `The API server does not let the publisher ${rights.slice(0, mostNamed).join(', ')}${more}: grant it in its ClusterRole (docs/operating.md, Rights in the cluster); what needs it is tried again.`
  }

  return {
    note(what, error) {
      const right = missingRight(error)
      if (right === null) return false
      const before = sentence()
      byWhat.set(what, right)
      const now = sentence()
      if (now !== before) logger.error(now)
      return true
    },
    forget(what) {
      if (byWhat.delete(what) && byWhat.size === 0) logger.info('the API server refuses nothing any more')
    },
    sentence,
  }
}
