import { forTerminal } from '@pod-eip/runtime'

/** Rows in columns as kubectl prints them: three spaces between, no lines. */
export function formatTable(head: string[], texts: string[][]): string {
  // Before the columns are measured.
  const rows = texts.map((row) => row.map(onOneLine))
  const widths = head.map((h, i) => Math.max(h.length, ...rows.map((row) => (row[i] ?? '').length)))
  const line = (cells: string[]) =>
    cells
      .map((cell, i) => (i === cells.length - 1 ? cell : cell.padEnd(widths[i]!)))
      .join('   ')
      .trimEnd()
  return [head, ...rows].map(line).join('\n')
}

/** A row is one line: line ends and tabs of a value are written as JSON writes them. */
function onOneLine(text: string): string {
  return forTerminal(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t')
}
