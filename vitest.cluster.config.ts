import { defineConfig } from 'vitest/config'
import { common, endToEnd, isWholeFaultSuite, otherFaults, testFiles } from './vitest.common.ts'

/** What `npm start` brings is the simulated cluster, and what happens to stores is the same on each; `npm run faults` has it all. */
const simulatedOnly = [
  'test/e2e/npm-start.e2e.test.ts',
  otherFaults,
  ...(isWholeFaultSuite ? [] : ['test/faults/mishaps.e2e.test.ts']),
]

/**
 * `npm run test:cluster`: what needs a real control plane, *.cluster.test.ts, and the end-to-end tests of
 * `npm test` once more, on one for each worker. Each other file starts those programs that it needs.
 */
export default defineConfig({
  test: {
    ...common,
    projects: [
      {
        extends: true,
        test: {
          name: 'parts',
          include: testFiles('cluster'),
          exclude: ['test/e2e/**', '**/node_modules/**'],
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/{e2e,faults}/**/*.{e2e,cluster}.test.ts'],
          exclude: simulatedOnly,
          globalSetup: ['test/e2e/harness/real-cluster/setup.ts'],
          ...endToEnd,
          // Each has a control plane of its own, which keeps the processors busy.
          maxWorkers: 2,
        },
      },
    ],
  },
})
