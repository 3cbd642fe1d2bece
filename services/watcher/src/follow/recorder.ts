import type { CompleteList, KubeObject, ListWatchEvent, Resource } from '@pod-eip/kube'
import type { ClusterEvent } from '../record/cluster-event.ts'

/** How one resource is turned into events. What it remembers follows from the log alone. */
export interface Recorder<Seen> {
  resource: Resource
  /** Changes whenever other facts are looked for: what was handled before has to be looked at again. */
  view: string
  /** Whether it can do without: not to be served, or allowed, is told at times and no more. */
  optional: boolean
  project(object: KubeObject): Seen
  /** Takes over what the log believes now. */
  load(): Promise<void>
  /** What a complete, fresh list adds to the log. */
  list(list: CompleteList<Seen>): ClusterEvent[] | Promise<ClusterEvent[]>
  /**
   * Whether a complete list has to be read again soon, the last one having been read at that time (epoch ms): one
   * lacked something not long before, or something is held because of one.
   */
  isInDoubt(listedAt: number): boolean
  /** What changes add to the log. */
  changes(changes: ListWatchEvent<Seen>[]): ClusterEvent[] | Promise<ClusterEvent[]>
  /** Objects that it remembers. */
  known(): number
}
