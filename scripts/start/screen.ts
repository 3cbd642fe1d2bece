import type { Size } from './claim-table.ts'

/** Where lines are drawn. */
export interface Terminal extends Size {
  write(text: string): void
}

/** Draws lines over those of the last time, in place. */
export function createScreen(terminal: Terminal) {
  let last: string[] = []
  return {
    draw(lines: string[]): void {
      if (lines.join('\n') === last.join('\n')) return
      // Lines that are wider than the terminal take several of its rows.
      const drawn = last.reduce((rows, line) => rows + heightOf(line, terminal.columns), 0)
      const up = drawn > 0 ? `\u001b[${drawn}A` : ''
      terminal.write(`${up}\r\u001b[J${lines.join('\n')}\n`)
      last = lines
    },
  }
}

/** How many rows a line takes. */
export function heightOf(line: string, columns: number): number {
  return Math.max(1, Math.ceil(line.length / columns))
}
