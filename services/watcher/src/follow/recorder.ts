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
   * Until when complete lists are doubted, epoch ms, because one lacked something not long before: another one is
   * read soon. `held`: as long as something is held because of one.
   */
  doubt(): { until: number; held: boolean }
  /** What changes add to the log. */
  changes(changes: ListWatchEvent<Seen>[]): ClusterEvent[] | Promise<ClusterEvent[]>
  /** Objects that it remembers. */
  known(): number
}
