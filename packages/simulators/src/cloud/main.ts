import { parseArgs } from 'node:util'
import { systemClock, systemIds, systemRandom } from '@pod-eip/runtime'
import type { CloudConfigInput } from './config.ts'
import { serveCloudSimulator } from './http/serve-cloud-simulator.ts'
import { readStateFile } from './http/state-file.ts'
import { createCloudSimulator } from './simulator.ts'

/** The cloud simulator as a program of its own. */

interface Flag {
  env: string
  fallback?: string
  says: string
}

const flags = {
  port: { env: 'CLOUD_SIMULATOR_PORT', fallback: '9999', says: 'port to listen on; 0 takes a free one' },
  host: { env: 'CLOUD_SIMULATOR_HOST', fallback: '127.0.0.1', says: 'address to listen on' },
  state: { env: 'CLOUD_SIMULATOR_STATE', says: 'file that keeps the state over restarts' },
  regions: { env: 'CLOUD_SIMULATOR_REGIONS', says: 'regions that exist, with commas' },
  quota: { env: 'CLOUD_SIMULATOR_QUOTA', says: 'EIPs per region at a time (20)' },
  'daily-quota': { env: 'CLOUD_SIMULATOR_DAILY_QUOTA', says: 'EIPs per region and day (twice the quota)' },
  'secret-id': {
    env: 'CLOUD_SIMULATOR_SECRET_ID',
    fallback: 'AKIDsimulated',
    says: 'SecretId of the account',
  },
  'secret-key': {
    env: 'CLOUD_SIMULATOR_SECRET_KEY',
    fallback: 'simulated',
    says: 'SecretKey of the account',
  },
  'stale-read-ms': { env: 'CLOUD_SIMULATOR_STALE_READ_MS', says: 'how old the state is that lists show (0)' },
} satisfies Record<string, Flag>

type FlagName = keyof typeof flags
type Settings = Partial<Record<FlagName, string>>

const table: [FlagName, Flag][] = Object.entries(flags) as [FlagName, Flag][]

function help(): string {
  const lines = table.map(
    ([name, { env, fallback, says }]) =>
      `  --${name.padEnd(14)} ${env.padEnd(30)} ${says}${fallback ? ` (${fallback})` : ''}`,
  )
  return [
    'A stand-in for the EIP part of Tencent Cloud: its API at POST /, its control endpoints at /_sim.',
    '',
    'Usage: node packages/simulators/src/cloud/main.ts [flags]; each flag has an environment variable:',
    '',
    ...lines,
    '  --help',
  ].join('\n')
}

function readSettings(): Settings | 'help' {
  const options = Object.fromEntries(table.map(([name]) => [name, { type: 'string' as const }]))
  const { values } = parseArgs({ options: { ...options, help: { type: 'boolean' } } })
  if (values.help) return 'help'
  const given = values as Partial<Record<string, string>>
  return Object.fromEntries(
    table.flatMap(([name, flag]) => {
      const value = given[name] ?? process.env[flag.env] ?? flag.fallback
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

function wholeNumber(name: FlagName, text: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`--${name} is "${text}": give a whole number`)
  return Number(text)
}

function toConfig(settings: Settings): CloudConfigInput {
  const quota = settings.quota === undefined ? undefined : wholeNumber('quota', settings.quota)
  const daily =
    settings['daily-quota'] === undefined
      ? quota && quota * 2
      : wholeNumber('daily-quota', settings['daily-quota'])
  return {
    accounts: [{ uin: '100000000001', secretId: settings['secret-id']!, secretKey: settings['secret-key']! }],
    ...(settings.regions && { regions: settings.regions.split(',') }),
    quotas: { ...(quota !== undefined && { total: quota }), ...(daily !== undefined && { daily }) },
    ...(settings['stale-read-ms'] && {
      staleReadMs: wholeNumber('stale-read-ms', settings['stale-read-ms']),
    }),
  }
}

async function main(): Promise<void> {
  const settings = readSettings()
  if (settings === 'help') {
    console.log(help())
    return
  }
  const snapshot = settings.state === undefined ? undefined : await readStateFile(settings.state)
  const simulator = createCloudSimulator({
    clock: systemClock,
    random: systemRandom,
    ids: systemIds,
    config: toConfig(settings),
    ...(snapshot && { snapshot }),
  })
  const served = await serveCloudSimulator(simulator, {
    port: wholeNumber('port', settings.port!),
    host: settings.host!,
    ...(settings.state && { stateFile: settings.state }),
  })
  console.log(`Simulated Tencent Cloud on ${served.url}: POD_EIP_CLOUD_ENDPOINT=${served.url}`)
  const stop = () => {
    void served.close()
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
