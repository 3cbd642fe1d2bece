import { type Edit, lineBreak, lineEnd, lineStart, type Span, withoutLines } from './edit.ts'
import { ConfigTextError, listKey } from './masq-config.ts'

/** A list with one entry a line, each after a dash. */
export interface Block {
  text: string
  /** The line of the key that it belongs to. */
  key: Span
  items: Span[]
}

/** Takes the lines of entries away, and adds others after the last that stays; all else stays as it is. */
export function blockEdits({ text, key, items }: Block, remove: ReadonlySet<number>, add: string[]): Edit[] {
  const dashes = items.map(({ start }) => indentOf(text, start))
  const indent = dashes[0] ?? text.slice(lineStart(text, key.start), key.start)
  const lastKept = items.findLast((_, index) => !remove.has(index))
  const at = lineEnd(text, (lastKept ?? key).end)
  const lines = add.map((item) => `${lineBreak(text)}${indent}- ${item}`).join('')
  const gone = items.filter((_, index) => remove.has(index)).map((item) => withoutLines(text, item))
  return [{ start: at, end: at, text: lines }, ...gone]
}

/** What stands before the dash of an entry. */
function indentOf(text: string, start: number): string {
  const before = text.slice(lineStart(text, start), start)
  const [, indent] = /^(\s*)-\s+$/.exec(before) ?? []
  if (indent === undefined) throw new ConfigTextError(`has a ${listKey} without one entry a line`)
  return indent
}
