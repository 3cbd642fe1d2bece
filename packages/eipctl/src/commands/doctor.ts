import { parseCommand } from '../arguments.ts'
import type { Command } from '../command.ts'
import type { Finding } from '../doctor/check.ts'
import { formatTable } from '../table.ts'
import { UsageError } from '../usage-error.ts'

/**
 * `eipctl doctor`: whether all that pod-eip needs is there, and what to do where it is not. Changes nothing. Exit
 * code 1 when something fails.
 */
export const doctor: Command = {
  name: 'doctor',
  usage: '[--json]',
  summary: 'whether stores, cluster, permissions, quotas and clocks are as pod-eip needs them',
  details: [
    'Changes nothing. warn: it works, but something is amiss. Exit code 1 when something fails, 2 when nothing',
    'is configured here.',
  ],
  async run(argv, io) {
    const { values } = parseCommand(
      argv,
      { json: { type: 'boolean', default: false } },
      { min: 0, max: 0, usage: 'doctor [--json]' },
    )
    const findings = await examine(io.environment(), io.signal)
    if (values.json) io.out(JSON.stringify(findings, null, 2))
    else io.out(formatTable(['CHECK', 'STATE', 'SAYS'], findings.map(row)))
    if (findings.every(({ state }) => state === 'not checked')) {
      throw new UsageError(
        'nothing is configured here, so nothing was checked; set the variables of the services, or run it where npm start runs',
      )
    }
    return findings.some(({ state }) => state === 'fail') ? 1 : 0
  },
}

/** The adapters of all that is examined are loaded here only: no other command waits for them. */
async function examine(
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<Finding[]> {
  const [
    { systemClock },
    { runChecks },
    { checkDatabase },
    { checkRedis },
    { checkLog },
    { checkCluster },
    { checkCloud },
    { checkEgress },
  ] = await Promise.all([
    import('@pod-eip/runtime'),
    import('../doctor/run-checks.ts'),
    import('../doctor/check-database.ts'),
    import('../doctor/check-redis.ts'),
    import('../doctor/check-log.ts'),
    import('../doctor/check-cluster.ts'),
    import('../doctor/check-cloud.ts'),
    import('../doctor/check-egress.ts'),
  ])
  const checks = [
    checkDatabase(env),
    checkRedis(env),
    checkLog(env),
    checkCluster(env),
    checkCloud(env),
    checkEgress(env),
  ]
  return runChecks(checks, systemClock, signal)
}

function row({ check, state, says }: Finding): string[] {
  return [check, state, says]
}
