import type { Edit, Span } from './edit.ts'

/** What stands between brackets or braces, separated by commas. */
export interface Flow {
  text: string
  /** From the opening to after the closing one. */
  span: Span
  items: Span[]
}

/** Takes items away, each with one comma, and adds others after the last that stays; all else stays as it is. */
export function flowEdits({ text, span, items }: Flow, remove: ReadonlySet<number>, add: string[]): Edit[] {
  const separator = separatorOf({ text, span, items })
  const lastKept = items.findLastIndex((_, index) => !remove.has(index))
  const last = items.at(-1)
  if (lastKept === -1) {
    const between = last ? { start: items[0]!.start, end: last.end } : emptyAt(span.start + 1)
    return [{ ...between, text: add.join(separator) }]
  }
  const before = items
    .slice(0, lastKept)
    .flatMap(({ start }, index) =>
      remove.has(index) ? [{ start, end: items[index + 1]!.start, text: '' }] : [],
    )
  const tail = {
    start: items[lastKept]!.end,
    end: last!.end,
    text: add.map((item) => separator + item).join(''),
  }
  return [...before, tail]
}

/** As those before were separated; the first two as the rest of the text is. */
function separatorOf({ text, span, items }: Flow): string {
  const [first] = items
  const last = items.length > 1 ? text.slice(items.at(-2)!.end, items.at(-1)!.start) : ''
  if (/^,\s*$/.test(last)) return last
  const lead = first ? text.slice(span.start + 1, first.start) : ''
  if (/^\s*\n\s*$/.test(lead)) return `,${lead}`
  return /,[^\S\n]/.test(text) || !/^\s*\{/.test(text) ? ', ' : ','
}

function emptyAt(at: number): Span {
  return { start: at, end: at }
}
