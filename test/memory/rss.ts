import { readFileSync, writeFileSync } from 'node:fs'

/** Memory of a process, in MiB, as the kernel counts it: the pages of it and of its program that are in memory. */
export interface Rss {
  now: number
  /** The most since the start, or since `forgetPeak`. */
  peak: number
}

export function readRss(pid: number): Rss {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const mib = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024
  return { now: mib('VmRSS'), peak: mib('VmHWM') }
}

/** Lets the peak begin anew, at what it is now. */
export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
}
