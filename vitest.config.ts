import { defineConfig } from 'vitest/config'

/**
 * The cost of a test is in its name: *.unit.test.ts needs nothing, *.int.test.ts needs Postgres and
 * Valkey (embedded unless DATABASE_URL and REDIS_URL say otherwise), *.e2e.test.ts starts the services.
 */
export default defineConfig({
  test: {
    include: ['packages/**/*.test.ts', 'services/**/*.test.ts', 'test/**/*.test.ts', 'scripts/**/*.test.ts'],
    globalSetup: ['packages/devstack/src/test-stores-setup.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
})
