import { parseBy, parseCommand, wantsJson } from '../arguments.ts'
import type { Command } from '../command.ts'
import { UsageError } from '../usage-error.ts'

const usage = '[--yes] [--begin-anew] [--cluster ID] [--by NAME] [-o json]'

/** `eipctl recover`: brings a log that was restored from an older backup up to what cloud and cluster prove. */
export const recover: Command = {
  name: 'recover',
  usage,
  summary: 'after a restore of an older backup: what the log has otherwise; --yes brings it up to date',
  details: [
    '--yes          appends what the log lacks; nothing that is in it is changed',
    '--begin-anew   there is no log any more: a new one begins with what cloud and cluster prove',
    '--cluster ID   tag tke-clusterId of the EIPs; default: POD_EIP_CLUSTER_ID, else what the log says',
    '--by NAME      who says so; default: the user of this shell',
    'Needs the variables of all services, and that none of them runs: it reads cloud, cluster and log.',
    'Exit code 1 when an EIP is left that somebody has to look at.',
  ],
  async run(argv, io) {
    const { values } = parseCommand(
      argv,
      {
        yes: { type: 'boolean', default: false },
        'begin-anew': { type: 'boolean', default: false },
        cluster: { type: 'string' },
        by: { type: 'string' },
        output: { type: 'string', short: 'o' },
      },
      { min: 0, max: 0, usage: `recover ${usage}` },
    )
    const json = wantsJson(values.output)
    const env = io.environment()
    const { yes } = values
    const by = parseBy(values.by, io.user, 'who says so')
    const own = env.POD_EIP_CLUSTER_ID
    const given = values.cluster || own || ''
    if (own && own !== given) {
      throw new UsageError(
        `--cluster is ${given}, and POD_EIP_CLUSTER_ID is ${own}; use the environment of the cluster that is meant`,
      )
    }
    // The adapters of cloud, cluster and log are loaded here only: no other command waits for them.
    const { runRecover } = await import('../recover/run-recover.ts')
    return runRecover({ given, by, yes, beginAnew: values['begin-anew'], json, env, io })
  },
}
