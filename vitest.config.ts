import { defineConfig } from 'vitest/config'
import { common, endToEnd, otherFaults, testFiles } from './vitest.common.ts'

/**
 * `npm test`. The cost of a test is in its name: *.unit.test.ts needs nothing, *.int.test.ts needs Postgres and
 * Valkey (embedded unless DATABASE_URL and REDIS_URL say otherwise), *.e2e.test.ts starts the services, here on a
 * simulated cluster. For *.cluster.test.ts see vitest.cluster.config.ts.
 */
export default defineConfig({
  test: {
    ...common,
    projects: [
      {
        extends: true,
        test: {
          name: 'parts',
          include: testFiles('{unit,int}'),
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: testFiles('e2e'),
          exclude: [otherFaults, '**/node_modules/**'],
          ...endToEnd,
        },
      },
    ],
  },
})
