import type { ViteUserConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files that take minutes, the longest first: begun last they would be waited for alone. */
const longest = [
  'test/faults/kills.e2e.test.ts',
  'test/faults/mishaps.e2e.test.ts',
  'test/e2e/drift.e2e.test.ts',
  'test/e2e/endings.e2e.test.ts',
  'test/e2e/claim-life.e2e.test.ts',
  'test/e2e/other-hands.e2e.test.ts',
  'test/e2e/rights.cluster.test.ts',
  'test/e2e/cascade.e2e.test.ts',
]

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = longest.findIndex((file) => moduleId.endsWith(file))
      return at === -1 ? longest.length : at
    }
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b))
  }
}

/** What both kinds of runs share: `npm test` and `npm run test:cluster`. */
export const common = {
  globalSetup: ['packages/devstack/src/test-stores-setup.ts'],
  // Above what the waits within one test add up to: the wait that is too long says what it waited for.
  testTimeout: 300_000,
  hookTimeout: 300_000,
  sequence: { sequencer: LongestFirst },
} satisfies ViteUserConfig['test']

/** Test files of these kinds, wherever they are. */
export function testFiles(kinds: string): string[] {
  return ['packages', 'services', 'test', 'scripts'].map((folder) => `${folder}/**/*.${kinds}.test.ts`)
}

/** Each of these files starts many processes, which mostly wait: three at a time, and after everything else. */
export const endToEnd = { maxWorkers: 3, sequence: { groupOrder: 1 } }

const storiesOfFaults = 'test/faults/{connections,stores,twins}.e2e.test.ts'
/** Of the fault suite a run of all tests tells the short story, and `npm run faults` each by itself. */
export const isWholeFaultSuite = process.env.FAULTS_STORIES !== undefined
export const otherFaults = isWholeFaultSuite ? 'test/faults/mishaps.e2e.test.ts' : storiesOfFaults
