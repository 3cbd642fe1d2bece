import { assetsOfTests, findAssets } from '@pod-eip/devstack/real-cluster'

/**
 * `npm run test:cluster -- VITEST-ARGS...`: the tests that need a real control plane, and the end-to-end tests on
 * one. Says in one sentence what is missing before anything is started.
 */
const vitest = new URL('../node_modules/vitest/vitest.mjs', import.meta.url).href
try {
  findAssets(assetsOfTests)
} catch (error) {
  process.stderr.write(`pod-eip: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
process.argv.splice(2, 0, 'run', '--configLoader=native', '--config=vitest.cluster.config.ts')
await import(vitest)
