import { parseBy, parseCommand, wantsJson } from '../arguments.ts'
import type { Command } from '../command.ts'
import { UsageError } from '../usage-error.ts'

const usage = '--cluster ID [--yes | --cancel] [--without-log] [--by NAME] [-o json]'

/** `eipctl teardown`: gives back all that a cluster created, also when the cluster itself is gone. */
export const teardown: Command = {
  name: 'teardown',
  usage,
  summary: 'gives back all EIPs that a cluster created; without --yes it only says what it would do',
  details: [
    '--cluster ID    tag tke-clusterId of the EIPs, such as cls-0a1b2c3d: POD_EIP_CLUSTER_ID of its services',
    '--yes           records the order in the log and does it; run again, it goes on where it stopped',
    '--cancel        takes the order back: Pods that live get EIPs again',
    '--without-log   the log is lost: goes by the tags of the EIPs alone',
    '--by NAME       who says so; default: the user of this shell',
    'Needs the variables of a worker, but no Redis and no cluster. EIPs of yours (eip-id-list) are unbound and',
    'never released. Exit code 1 when something is left that somebody has to do something about.',
  ],
  async run(argv, io) {
    const { values } = parseCommand(
      argv,
      {
        cluster: { type: 'string' },
        yes: { type: 'boolean', default: false },
        cancel: { type: 'boolean', default: false },
        'without-log': { type: 'boolean', default: false },
        by: { type: 'string' },
        output: { type: 'string', short: 'o' },
      },
      { min: 0, max: 0, usage: `teardown ${usage}` },
    )
    const json = wantsJson(values.output)
    const { cluster, yes, cancel } = values
    if (!cluster) throw new UsageError(`name the cluster; usage: eipctl teardown ${usage}`)
    const by = parseBy(values.by, io.user, 'who says so')
    if (yes && cancel) throw new UsageError('--yes and --cancel are the opposite of each other; give one')
    const env = io.environment()
    const own = env.POD_EIP_CLUSTER_ID
    if (own && own !== cluster) {
      throw new UsageError(
        `--cluster is ${cluster}, and POD_EIP_CLUSTER_ID is ${own}; use the environment of the cluster that is meant`,
      )
    }
    // The adapters of cloud and log are loaded here only: no other command waits for them.
    const { runTeardown } = await import('../teardown/run-teardown.ts')
    const mode = cancel ? 'cancel' : yes ? 'do' : 'plan'
    return runTeardown({ cluster, by, mode, json, withoutLog: values['without-log'], env, io })
  },
}
