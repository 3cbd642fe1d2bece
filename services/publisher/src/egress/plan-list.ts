import { egressEntries } from '@pod-eip/domain'
import { changeList, emptyValueOf } from './config-text/change-list.ts'
import { readMasqConfig } from './config-text/masq-config.ts'
import type { Marker } from './marker.ts'

/** The configuration and what is ours in it: as it stands, or as it should. */
export interface MarkedConfig {
  text: string
  /** `null` when nothing in it is ours. */
  marker: Marker | null
}

/**
 * The configuration with exactly the entries that these addresses need, beside whatever somebody else has put there.
 * An entry is ours when the marker names it: one that somebody else has written stays, and what it holds gets no
 * second one. What is as it should be comes back as it was.
 * @throws ConfigTextError when the text cannot be read, or not be changed
 */
export function planList({ text, marker }: MarkedConfig, addresses: Iterable<string>): MarkedConfig {
  const config = readMasqConfig(text)
  const ours = placesOf(marker?.entries ?? [], config.entries)
  const others = config.entries.filter((_, place) => !ours.has(place))
  const wanted = egressEntries(addresses, others)
  const [have, want] = [new Set(ours.values()), new Set(wanted)]
  const remove = new Set([...ours].filter(([, entry]) => !want.has(entry)).map(([place]) => place))
  const add = wanted.filter((entry) => !have.has(entry))
  // Who made the list is remembered for as long as something of ours is in it.
  const was = have.size > 0 ? marker?.was : emptyValueOf(config)
  return {
    text: remove.size + add.length === 0 ? text : changeList(config, { remove, add, whenEmpty: was }),
    marker: wanted.length === 0 ? null : { entries: wanted, was },
  }
}

/** The entries of a configuration. @throws ConfigTextError when it cannot be read */
export function listIn(text: string): string[] {
  return readMasqConfig(text).entries
}

/** Where the entries stand in the list: each once, the last of several that are alike. */
function placesOf(entries: readonly string[], list: readonly string[]): Map<number, string> {
  const last = new Map(list.map((entry, place) => [entry, place]))
  const places = new Set(entries.flatMap((entry) => last.get(entry) ?? []))
  return new Map([...places].map((place) => [place, list[place]!]))
}
