import { presentable } from '@pod-eip/runtime'
import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  parseDocument,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'

/** The key under which ip-masq-agent is told whose packets keep their source. */
export const listKey = 'NonMasqueradeSrcCIDRs'

/** The text of ip-masq-agent's configuration, with what has to be known to change its list and nothing else. */
export interface MasqConfig {
  text: string
  map: YAMLMap
  /** The key with its value; `null` when it is not there. */
  pair: Pair | null
  /** The list; `null` when it is not there, or the key has no value. */
  list: YAMLSeq | null
  entries: string[]
  /** Written as JSON, which has quotes around everything. */
  json: boolean
  /** All else that is in it, as it is read. */
  rest: string
}

/** The configuration is not what it should be; the message goes on after its place. */
export class ConfigTextError extends Error {
  override readonly name = 'ConfigTextError'
}

/**
 * Reads a configuration as ip-masq-agent does: JSON when it begins with a brace, YAML else; keys in any case.
 * @throws ConfigTextError
 */
export function readMasqConfig(text: string): MasqConfig {
  const json = /^\s*\{/.test(text)
  if (json) parseJson(text)
  const document = parseDocument(text)
  const [error] = document.errors
  if (error) throw new ConfigTextError(`is not YAML (${oneLine(error.message)})`)
  const map = document.contents
  if (map === null) throw new ConfigTextError('is empty')
  if (!isMap(map)) throw new ConfigTextError('is not a set of keys and values')
  if (isDeep(map)) throw new ConfigTextError(`has more than ${deepest} levels`)
  const pairs = map.items.filter(({ key }) => keyOf(key).toLowerCase() === listKey.toLowerCase())
  if (pairs.length > 1) throw new ConfigTextError(`has ${pairs.map(({ key }) => keyOf(key)).join(' and ')}`)
  const pair = pairs[0] ?? null
  if (!pair && bringsByMerge(text)) {
    throw new ConfigTextError(`gets ${listKey} by a merge key (<<); write the list out under the key itself`)
  }
  const list = listOf(pair)
  return { ...{ text, map, pair, list, json }, entries: entriesOf(list), rest: restOf(document, pair) }
}

/** Whether readers that know YAML's merge keys, as the agent's does, find a list that is not written at its key. */
function bringsByMerge(text: string): boolean {
  if (!text.includes('<<')) return false
  const merged = asRead(parseDocument(text, { merge: true }))
  return Object.keys(merged).some((key) => key.toLowerCase() === listKey.toLowerCase())
}

/** More levels than any configuration has; some thousand are more than can be walked through. */
const deepest = 100

function isDeep(map: YAMLMap): boolean {
  const open: { node: unknown; level: number }[] = [{ node: map, level: 1 }]
  for (let next = open.pop(); next; next = open.pop()) {
    const { node, level } = next
    if (level > deepest) return true
    const inside = isMap(node)
      ? node.items.flatMap(({ key, value }) => [key, value])
      : isSeq(node)
        ? node.items
        : []
    for (const item of inside) open.push({ node: item, level: level + 1 })
  }
  return false
}

/** The document as it is read. @throws ConfigTextError for one that unfolds without an end, or is too deep */
function asRead(document: Document): object {
  try {
    return Object(document.toJS())
  } catch (error) {
    throw new ConfigTextError(`cannot be read (${oneLine((error as Error).message)})`)
  }
}

/** The agent leaves text that begins with a brace to its JSON reader, which is stricter than YAML's. */
function parseJson(text: string): void {
  try {
    JSON.parse(text)
  } catch (error) {
    throw new ConfigTextError(`is not JSON (${oneLine((error as Error).message)})`)
  }
}

function listOf(pair: Pair | null): YAMLSeq | null {
  const value = pair?.value ?? null
  if (value === null || (isScalar(value) && value.value === null)) return null
  if (!isSeq(value) || value.anchor) throw new ConfigTextError(`has a ${listKey} that is not a plain list`)
  return value
}

function entriesOf(list: YAMLSeq | null): string[] {
  return (list?.items ?? []).map((item) => {
    if (isScalar(item) && typeof item.value === 'string' && !item.anchor) return item.value
    throw new ConfigTextError(`has an entry in ${listKey} that is not text`)
  })
}

function restOf(document: Document, pair: Pair | null): string {
  const left = pair && keyOf(pair.key)
  try {
    return JSON.stringify(Object.entries(asRead(document)).filter(([key]) => key !== left))
  } catch (error) {
    if (error instanceof ConfigTextError) throw error
    throw new ConfigTextError(`cannot be read (${oneLine((error as Error).message)})`)
  }
}

function keyOf(key: unknown): string {
  return isScalar(key) ? String(key.value) : ''
}

/** What a parser says may quote all of the text. */
const longestWords = 300

function oneLine(text: string): string {
  return presentable(text.split('\n')[0]!.replace(/:$/, '').trim(), longestWords)
}
