/** A change of a text: what stands between `start` and `end` becomes `text`. */
export interface Edit {
  start: number
  end: number
  text: string
}

/** The text with all the edits made. They do not overlap; of those that begin at one place the first comes first. */
export function applyEdits(text: string, edits: Edit[]): string {
  let out = ''
  let at = 0
  for (const edit of edits.toSorted((a, b) => a.start - b.start)) {
    out += text.slice(at, edit.start) + edit.text
    at = edit.end
  }
  return out + text.slice(at)
}

/** Where a node of the text begins, and where its value ends. */
export interface Span {
  start: number
  end: number
}

export function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1
}

/** The end of the line that `at` is on, before its line break. */
export function lineEnd(text: string, at: number): number {
  const found = text.indexOf('\n', at)
  if (found === -1) return text.length
  return text[found - 1] === '\r' && found > at ? found - 1 : found
}

/** How the text breaks its lines. */
export function lineBreak(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n'
}

/** Takes the lines from the one of `start` to the one of `end` away, with the line break before them. */
export function withoutLines(text: string, { start, end }: Span): Edit {
  const first = lineStart(text, start)
  const last = lineEnd(text, end)
  if (first > 0) return { start: first - lineBreak(text).length, end: last, text: '' }
  return { start: 0, end: Math.min(text.length, last + lineBreak(text).length), text: '' }
}
