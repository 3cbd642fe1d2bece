import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The repository's root. */
export const root = join(import.meta.dirname, '..', '..')

/** A page of the documentation. */
export interface Page {
  /** Relative to the root. */
  path: string
  text: string
}

/** README, changelog and everything under docs/. */
export function readPages(): Page[] {
  return ['README.md', 'CHANGELOG.md', ...globSync('docs/**/*.md', { cwd: root }).sort()].map(readPage)
}

function readPage(path: string): Page {
  return { path, text: readFileSync(join(root, path), 'utf8') }
}

/** Where a page's links lead, without the text of code. */
export function linksOf({ text }: Page): string[] {
  return [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!)
}

/** The names that a page's headings have in links. */
export function anchorsOf({ text }: Page): string[] {
  return [...withoutCode(text).matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
    title!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

/** Lines of the blocks marked `sh`, continued lines joined, comments left out. */
export function commandsOf({ text }: Page): string[] {
  return [...text.matchAll(/^```sh\n(.*?)^```/gms)]
    .flatMap(([, block]) => block!.replaceAll('\\\n', ' ').split('\n'))
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
}

function withoutCode(text: string): string {
  return text.replace(/^```.*?^```/gms, '')
}
