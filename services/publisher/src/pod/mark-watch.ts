import type { AnnotationNames } from '@pod-eip/domain'
import type { KubeObject, ListWatchEvent } from '@pod-eip/kube'
import {
  type Corrections,
  isForged,
  nextCorrection,
  type SeenMark,
  seeMark,
  type ToldMark,
} from './seen-marks.ts'

/** Notices Pods whose EIP annotations somebody else has written. */
export interface MarkWatch {
  /** What is kept of a Pod. */
  see(pod: KubeObject): SeenMark
  /** A complete list. Returns the Pods to correct, and when. */
  replace(list: SeenMark[], now: number): DueCorrection[]
  /** Changes from the watch. Returns the Pods to correct, and when. */
  follow(events: ListWatchEvent<SeenMark>[], now: number): DueCorrection[]
  /** Whether the Pod of this name shows what it was not told. */
  isForged(key: string): boolean
  /** What a Pod was told: it needs no correction now. */
  told(mark: ToldMark): void
  /** No Pod of this name lives. */
  forget(key: string): void
}

export interface DueCorrection {
  key: string
  /** Epoch ms. */
  at: number
}

export function createMarkWatch(names: AnnotationNames): MarkWatch {
  const told = new Map<string, ToldMark>()
  const forged = new Set<string>()
  const corrections = new Map<string, Corrections>()

  function notice(seen: SeenMark, now: number): DueCorrection[] {
    const { key } = seen
    if (forged.has(key) || !isForged(seen, told.get(key) ?? null)) return []
    forged.add(key)
    const next = nextCorrection(corrections.get(key) ?? null, now)
    corrections.set(key, next)
    return [{ key, at: next.at }]
  }

  function gone(key: string): void {
    forged.delete(key)
    corrections.delete(key)
  }

  return {
    see: (pod) => seeMark(pod, names),
    replace(list, now) {
      const listed = new Set(list.map(({ key }) => key))
      for (const key of [...corrections.keys()]) if (!listed.has(key)) gone(key)
      return list.flatMap((seen) => notice(seen, now))
    },
    follow(events, now) {
      return events.flatMap(({ type, object }) => {
        if (type !== 'DELETED') return notice(object, now)
        gone(object.key)
        return []
      })
    },
    isForged: (key) => forged.has(key),
    told(mark) {
      told.set(mark.key, mark)
      forged.delete(mark.key)
    },
    forget: (key) => void told.delete(key),
  }
}
