import { defineConfig } from 'vitest/config'

/**
 * The cost of a test is in its name: *.unit.test.ts needs nothing, *.int.test.ts needs Postgres and
 * Valkey (embedded unless DATABASE_URL and REDIS_URL say otherwise), *.e2e.test.ts starts the services.
 */
export default defineConfig({
  test: {
    globalSetup: ['packages/devstack/src/test-stores-setup.ts'],
    // Above what the waits within one test add up to: the wait that is too long says what it waited for.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // Dozens of processes on two shared cores: in CI one slow answer is asked for again.
    retry: process.env.CI ? 1 : 0,
    projects: [
      {
        extends: true,
        test: {
          name: 'parts',
          include: ['packages', 'services', 'test', 'scripts'].map((f) => `${f}/**/*.{unit,int}.test.ts`),
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        // Each file starts many processes: one at a time, and after everything else.
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/**/*.e2e.test.ts'],
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
