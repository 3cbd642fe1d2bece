import { parseArgs } from 'node:util'
import { assetsOfTests, findAssets } from '@pod-eip/devstack/real-cluster'

/**
 * `npm run faults -- --stories N --seed N --simulated FILE...`: the whole fault suite, where `npm test` runs a part of it.
 * On a real control plane where KUBEBUILDER_ASSETS names its programs, else on the simulated cluster.
 */
const vitest = new URL('../node_modules/vitest/vitest.mjs', import.meta.url).href
const onReal = process.env.KUBEBUILDER_ASSETS !== undefined
try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      stories: { type: 'string', default: '2' },
      seed: { type: 'string' },
      simulated: { type: 'boolean', default: !onReal },
    },
  })
  for (const [name, text] of Object.entries(values)) {
    if (typeof text === 'string' && !/^[1-9]\d*$/.test(text))
      throw new Error(`--${name} is ${text}: give a whole number`)
  }
  if (!values.simulated) findAssets(assetsOfTests)
  process.env.FAULTS_STORIES = values.stories
  if (values.seed !== undefined) process.env.FAULTS_SEED = values.seed
  const config = values.simulated ? [] : ['--config=vitest.cluster.config.ts']
  const files = positionals.length > 0 ? positionals : ['test/faults']
  process.argv.splice(2, process.argv.length, 'run', '--configLoader=native', ...config, ...files)
} catch (error) {
  process.stderr.write(`pod-eip: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(2)
}
await import(vitest)
