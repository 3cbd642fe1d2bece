import { describe, expect, it } from 'vitest'
import { readAllPages } from './read-all-pages.ts'

const numbered = (from: number, count: number) => Array.from({ length: count }, (_, i) => `eip-${from + i}`)

/** A list that a callback changes before each page is read. */
function shiftingList(initial: string[], change: (page: number, list: string[]) => string[]) {
  let list = initial
  let pages = 0
  return async (offset: number, limit: number) => {
    list = change(pages++, list)
    return { total: list.length, entries: list.slice(offset, offset + limit) }
  }
}

const identity = (entry: string) => entry

describe('reading all pages', () => {
  it.each([0, 1, 99, 100, 101, 199, 200, 350])('reads %i entries', async (count) => {
    const list = numbered(0, count)
    expect(
      await readAllPages(
        'Describe',
        identity,
        shiftingList(list, (_, now) => now),
      ),
    ).toEqual(list)
  })

  it('misses nobody when an entry vanishes and another comes between two pages', async () => {
    const read = shiftingList(numbered(0, 150), (page, list) =>
      page === 1 ? [...list.slice(1), 'eip-new'] : list,
    )
    expect(await readAllPages('Describe', identity, read)).toEqual([...numbered(1, 149), 'eip-new'])
  })

  it('begins again when the list grows in front', async () => {
    const read = shiftingList(numbered(0, 150), (page, list) => (page === 1 ? ['eip-new', ...list] : list))
    expect(await readAllPages('Describe', identity, read)).toEqual(['eip-new', ...numbered(0, 150)])
  })

  it('gives up on a list that never holds still, rather than call a part of it the whole', async () => {
    const read = shiftingList(numbered(0, 150), (page, list) => [...list.slice(1), `eip-new-${page}`])
    await expect(readAllPages('Describe', identity, read)).rejects.toMatchObject({
      class: 'retry-soon',
      code: 'PagesShifted',
    })
  })

  it('does not take an empty first page for an empty list', async () => {
    const read = async () => ({ total: 3, entries: [] })
    await expect(readAllPages('Describe', identity, read)).rejects.toMatchObject({ code: 'PagesShifted' })
  })
})
