import type { Claim, ClaimEgress } from '@pod-eip/domain'
import { createPool } from '@pod-eip/event-log'
import { createPostgresReadModels } from '@pod-eip/read-models'
import { databaseSettings, readSettings } from '@pod-eip/runtime'
import { type Check, type Environment, type Finding, finding } from './check.ts'

/** Egress, where it is kept: Pods before whose EIPs a NAT gateway comes, by what the worker has seen. */
export function checkEgress(env: Environment): Check {
  return {
    name: 'egress',
    async run() {
      if (env.POD_EIP_ENABLE_EGRESS !== 'true' || !env.DATABASE_URL) return []
      const { databaseUrl, databaseSchema } = readSettings(databaseSettings, env)
      const pool = createPool({ url: databaseUrl, applicationName: 'eipctl doctor', max: 1 })
      try {
        return egressFindings(await createPostgresReadModels(pool, databaseSchema).claims({ open: true }))
      } finally {
        void pool.end()
      }
    },
  }
}

/** One finding for each route table that leads to a NAT gateway, or one that none does. */
export function egressFindings(claims: Claim[]): Finding[] {
  const bound = claims.filter(({ phase }) => phase === 'Bound')
  const taken = bound.flatMap(({ key, egress }) => (egress?.natRoutes.length ? [{ key, egress }] : []))
  if (taken.length === 0) {
    const says = `No NAT gateway was seen to come before the EIPs of the ${bound.length} bound claims.`
    return [finding('egress', 'ok', says)]
  }
  const byTable = Map.groupBy(taken, ({ egress }) => egress.routeTableId)
  return [...byTable.values()].map((claimsOf) =>
    finding(
      'egress',
      'warn',
      natSays(
        claimsOf[0]!.egress,
        claimsOf.map(({ key }) => key),
      ),
    ),
  )
}

function natSays({ routeTableId, natRoutes }: ClaimEgress, keys: string[]): string {
  const routes = natRoutes.map(({ destination, natGatewayId }) => `${destination} to ${natGatewayId}`)
  const pods = keys.length === 1 ? `Pod ${keys[0]} sends` : `${keys.length} Pods, such as ${keys[0]}, send`
  return `What ${pods} leaves by a NAT gateway and not by the EIP, because route table ${routeTableId} says so (${routes.join(', ')}); give the subnet a route table without that route.`
}
