import { type Claim, describeClaim } from '@pod-eip/domain'
import { parseCommand, wantsJson } from '../arguments.ts'
import type { Command } from '../command.ts'
import { formatTable } from '../table.ts'

/** `eipctl claims`: the claims as the log has them, whatever the cluster shows. */
export const claims: Command = {
  name: 'claims',
  usage: '[--all] [-n NAMESPACE] [-o json]',
  summary: 'claims with phase, EIP, Pod and node; --all shows released ones too',
  details: [
    '--all          released ones too',
    '-n NAMESPACE   only that namespace; default: all',
    '-o json        the claims as the read model has them',
  ],
  async run(argv, io) {
    const { values } = parseCommand(
      argv,
      {
        all: { type: 'boolean', default: false },
        namespace: { type: 'string', short: 'n' },
        output: { type: 'string', short: 'o' },
      },
      { min: 0, max: 0, usage: 'claims [--all] [-n NAMESPACE] [-o json]' },
    )
    const json = wantsJson(values.output)
    const { readModels } = await io.open()
    const found = await readModels.claims({
      open: !values.all,
      ...(values.namespace !== undefined && { namespace: values.namespace }),
    })
    if (json) io.out(JSON.stringify(found, null, 2))
    else if (found.length === 0) {
      const where = values.namespace === undefined ? '' : ` in namespace ${values.namespace}`
      io.out(
        values.all
          ? `There is no claim${where}.`
          : `There is no open claim${where}; --all shows released ones too.`,
      )
    } else {
      io.out(
        formatTable(
          ['CLAIM', 'PHASE', 'EIP', 'ADDRESS', 'NODE', 'SINCE', 'WHY'],
          found.map((claim) => [
            claim.key,
            claim.phase,
            claim.address?.id ?? '-',
            claim.address?.publicIp ?? '-',
            claim.binding?.node ?? (claim.pod?.ended ? null : claim.pod?.node) ?? '-',
            claim.phaseSince,
            why(claim),
          ]),
        ),
      )
    }
    return 0
  },
}

/** What a claim waits for or what is held against its EIP; empty when it is bound or closed and all is well. */
function why(claim: Claim): string {
  const ready = describeClaim(claim).status.conditions.find(({ type }) => type === 'Ready')!
  const well = ready.reason === 'Bound' && claim.standing === 'Good'
  return well || claim.phase === 'Released' ? '' : ready.message
}
