import { expect, test } from 'vitest'
import { createScreen } from './screen.ts'

test('lines are drawn over the last ones, however many rows those take now', () => {
  const written: string[] = []
  const terminal = { columns: 10, rows: 5, write: (text: string) => void written.push(text) }
  const screen = createScreen(terminal)
  screen.draw(['one', 'a line of 20 letters'])
  screen.draw(['one', 'a line of 20 letters'])
  terminal.columns = 5
  screen.draw(['two'])
  expect(written).toEqual(['\r\u001b[Jone\na line of 20 letters\n', '\u001b[5A\r\u001b[Jtwo\n'])
})
