import { isAlias, isCollection, isPair, isScalar, type Node } from 'yaml'
import { blockEdits } from './block.ts'
import { applyEdits, type Edit, lineBreak, lineEnd, lineStart, type Span, withoutLines } from './edit.ts'
import { flowEdits } from './flow.ts'
import { ConfigTextError, listKey, type MasqConfig, readMasqConfig } from './masq-config.ts'

/** What becomes of the list. */
export interface ListChange {
  /** Places of the entries that go. */
  remove: ReadonlySet<number>
  /** Entries that come, after the others. */
  add: string[]
  /** What stands where the list is when nothing is left in it: `null` = nothing, not even the key. */
  whenEmpty?: string | null | undefined
}

/**
 * The text with another list, and nothing else changed: comments, spaces, order and every other key stay byte for
 * byte. What comes of it is read again, so that a text that is written in a way that nobody thought of is left alone.
 * @throws ConfigTextError when the list cannot be changed where it stands
 */
export function changeList(config: MasqConfig, change: ListChange): string {
  const { remove, add } = change
  const text = applyEdits(config.text, editsFor(config, change))
  const wanted = [...config.entries.filter((_, index) => !remove.has(index)), ...add]
  const after = readMasqConfig(text)
  if (JSON.stringify(after.entries) !== JSON.stringify(wanted) || after.rest !== config.rest) {
    throw new ConfigTextError(`has a ${listKey} that cannot be changed without changing something else`)
  }
  return text
}

/** What stands in the place of the list now when it has no value; `null` without the key. */
export function emptyValueOf({ text, pair, list }: MasqConfig): string | null | undefined {
  if (list) return undefined
  return pair === null ? null : valueText(text, pair.value)
}

function editsFor(config: MasqConfig, { remove, add, whenEmpty }: ListChange): Edit[] {
  const { text, map, pair, list, entries } = config
  if (!pair) return add.length === 0 ? [] : keyEdits(config, add)
  const key = spanOf(pair.key)
  if (!list) return add.length === 0 ? [] : valueEdits(config, key, add)
  const items = list.items.map(spanOf)
  const empty = add.length === 0 && remove.size === entries.length
  if (empty && whenEmpty === null) {
    if (!map.flow)
      return list.flow ? [withoutLines(text, { ...key, end: spanOf(list).end })] : lines(key, items)
    const pairs = map.items.map((one) => ({ start: spanOf(one.key).start, end: spanOf(one.value).end }))
    return flowEdits({ text, span: spanOf(map), items: pairs }, new Set([map.items.indexOf(pair)]), [])
  }
  if (empty && whenEmpty && list.flow) return [{ ...spanOf(list), text: whenEmpty }]
  const written = add.map((entry) => quoted(config, entry))
  return list.flow
    ? flowEdits({ text, span: spanOf(list), items }, remove, written)
    : blockEdits({ text, key, items }, remove, written)

  function lines(...[first, others]: [Span, Span[]]): Edit[] {
    return [first, ...others].map((span) => withoutLines(text, span))
  }
}

/** Gives a key without a value the list. */
function valueEdits(config: MasqConfig, key: Span, add: string[]): Edit[] {
  const { text, map, pair } = config
  const written = add.map((entry) => quoted(config, entry))
  if (valueText(text, pair!.value) !== '') return [{ ...spanOf(pair!.value), text: inline(config, written) }]
  if (map.flow) throw new ConfigTextError(`has a ${listKey} without a value`)
  return blockEdits({ text, key, items: [] }, new Set(), written)
}

/** Adds key and list after everything else. */
function keyEdits(config: MasqConfig, add: string[]): Edit[] {
  const { text, map, json } = config
  const written = add.map((entry) => quoted(config, entry))
  const [first] = map.items
  if (map.flow) {
    const colon =
      first && json ? text.slice(spanOf(first.key).end, spanOf(first.value).start) : json ? ':' : ': '
    const pair = `${json ? JSON.stringify(listKey) : listKey}${colon}${inline(config, written)}`
    const items = map.items.map((one) => ({ start: spanOf(one.key).start, end: spanOf(one.value).end }))
    return flowEdits({ text, span: spanOf(map), items }, new Set(), [pair])
  }
  const start = spanOf(first!.key).start
  const indent = text.slice(lineStart(text, start), start)
  if (/\S/.test(indent)) throw new ConfigTextError('begins beside a document mark')
  const end = endOf(map)
  const at = text[end - 1] === '\n' ? end - lineBreak(text).length : lineEnd(text, end)
  const parts = [`${listKey}:`, ...written.map((entry) => `- ${entry}`)]
  return [{ start: at, end: at, text: parts.map((part) => lineBreak(text) + indent + part).join('') }]
}

function inline({ json, text }: MasqConfig, written: string[]): string {
  return `[${written.join(json && !/,[^\S\n]/.test(text) ? ',' : ', ')}]`
}

/** As the last entry of the list is quoted; in JSON always. */
function quoted({ text, list, json }: MasqConfig, entry: string): string {
  const last = list?.items.at(-1)
  const mark = json ? '"' : last ? text[spanOf(last).start] : ''
  return mark === '"' || mark === "'" ? `${mark}${entry}${mark}` : entry
}

function valueText(text: string, value: unknown): string {
  if (!isScalar(value) || !value.range) return ''
  const { start, end } = spanOf(value)
  return text.slice(start, end)
}

/** Where the last thing in it ends. */
function endOf(node: unknown): number {
  if (isCollection(node) && !node.flow && node.items.length > 0) {
    const last = node.items.at(-1)
    if (!isPair(last)) return endOf(last)
    return last.value && (isAlias(last.value) || spanOf(last.value).end > 0)
      ? endOf(last.value)
      : endOf(last.key)
  }
  return spanOf(node).end
}

function spanOf(node: unknown): Span {
  const [start, end] = (node as Node).range!
  return { start, end }
}
