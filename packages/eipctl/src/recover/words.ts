import type { Claim } from '@pod-eip/domain'
import { formatTable } from '../table.ts'
import type { Recovered, RecoveryPlan } from './plan-recovery.ts'
import type { Seen } from './seen.ts'

/** What differs, and what is done about it. */
export function planTable(plan: RecoveryPlan, { claims, objects }: Pick<Seen, 'claims' | 'objects'>): string {
  const rows = [
    ...plan.claims.map((claim) =>
      claimRow(claim, claims.get(claim.claim), objects.get(claim.claim)?.eipId ?? ''),
    ),
    ...plan.strays.map(({ addressId, publicIp }) => [
      ...['-', addressId, publicIp || '-', '-', "is in nobody's hands and is released", '-'],
    ]),
    ...plan.left.map(({ addressId, publicIp, says }) => [
      '-',
      addressId,
      publicIp,
      '-',
      `stays: ${says}`,
      '-',
    ]),
  ]
  return formatTable(['CLAIM', 'EIP', 'ADDRESS', 'THE-LOG-SAYS', 'IT-IS', 'PROVED-BY'], rows)
}

function claimRow(
  { claim, address, binding, proof }: Omit<Recovered, 'by'>,
  log: Claim | undefined,
  shownEip: string,
): string[] {
  if (!address && (!log || log.phase === 'Released')) {
    return [claim, shownEip || '-', '-', logSays(log), 'over; its EIPClaim goes', proof]
  }
  const is = !address ? 'without EIP' : binding ? `bound to ${binding.privateIp}` : 'bound to nothing'
  return [claim, address?.id ?? log?.address?.id ?? '-', address?.publicIp ?? '-', logSays(log), is, proof]
}

function logSays(log: Claim | undefined): string {
  if (!log) return 'nothing of it'
  const { phase, address, binding } = log
  const which = address ? ` ${address.id}` : ''
  return `${phase}${which}${binding ? ` at ${binding.privateIp}` : ''}`
}

/** What a plan comes to. */
export function planSentence({ claims, strays }: RecoveryPlan, command: string): string {
  if (claims.length + strays.length === 0) {
    return `The log agrees with cloud and cluster. Nothing was changed; "${command}" records that, so that services go on.`
  }
  return `Nothing was changed. "${command}" appends this to the log; then start the services.`
}
