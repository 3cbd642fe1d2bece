import type { WrittenPart } from '@pod-eip/domain'
import type { Clock } from '@pod-eip/runtime'
import type { RefusedWrites } from '../refused-writes.ts'
import type { Corrections } from './corrections.ts'
import type { TellCorrection, Undone } from './tell-corrections.ts'

/** A write that is due, and whether it only repeats what somebody else has undone. */
export interface DueWrite extends Undone {
  /** Of the log: what is to be published again when it is put off. */
  stream: string
  undone: boolean
}

/** Writes what the log brings at once, and what another writer has undone with the patience of {@link Corrections}. */
export interface PutRight {
  /** Whether it may be written now. What may not is put off: its stream comes back when it is due. */
  mayWrite(due: DueWrite): boolean
  /**
   * Writes if it may. Throws what the write throws; then it counts as not written.
   * @param call returns the object as it is now, or nothing when it has gone meanwhile
   */
  write(due: DueWrite, call: () => Promise<{ uid: string } | undefined>): Promise<void>
  /** The object is gone. */
  forget(kind: Undone['kind'], key: string, part: WrittenPart): void
}

export function createPutRight(deps: {
  corrections: Corrections
  refused: Pick<RefusedWrites, 'watch'>
  tell: TellCorrection
  /** Publishes the stream again at that time, epoch ms. */
  later: (stream: string, at: number) => void
  clock: Pick<Clock, 'now'>
}): PutRight {
  const { corrections, refused, tell, later, clock } = deps

  function mayWrite(due: DueWrite): boolean {
    if (!due.undone) return true
    const at = corrections.due(partKey(due.kind, due.key, due.part))
    if (at <= clock.now()) return true
    later(due.stream, at)
    return false
  }

  return {
    mayWrite,
    async write(due, call) {
      if (!mayWrite(due)) return
      const shown = await refused.watch(due, call)
      if (!due.undone || !shown) return
      await tell({ ...due, uid: shown.uid }, corrections.made(partKey(due.kind, due.key, due.part)))
    },
    forget: (kind, key, part) => corrections.forget(partKey(kind, key, part)),
  }
}

function partKey(kind: string, key: string, part: WrittenPart): string {
  return `${kind} ${key} ${part}`
}
