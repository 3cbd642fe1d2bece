import type { ViteUserConfig } from 'vitest/config'

/** What both kinds of runs share: `npm test` and `npm run test:cluster`. */
export const common = {
  globalSetup: ['packages/devstack/src/test-stores-setup.ts'],
  // Above what the waits within one test add up to: the wait that is too long says what it waited for.
  testTimeout: 300_000,
  hookTimeout: 300_000,
} satisfies ViteUserConfig['test']

/** Test files of these kinds, wherever they are. */
export function testFiles(kinds: string): string[] {
  return ['packages', 'services', 'test', 'scripts'].map((folder) => `${folder}/**/*.${kinds}.test.ts`)
}

/** Each of these files starts many processes, which mostly wait: two at a time, and after everything else. */
export const endToEnd = { maxWorkers: 2, sequence: { groupOrder: 1 } }
