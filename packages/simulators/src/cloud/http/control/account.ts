import * as z from 'zod'
import { type ControlRoute, doing } from './control-route.ts'

const accountSchema = z.strictObject({
  balanceInsufficient: z.boolean().optional(),
  deniedActions: z.array(z.string()).optional(),
})

/** What the account and its keys may do. */
export const accountRoutes: readonly ControlRoute[] = [
  {
    method: 'PATCH',
    pattern: '/account',
    says: 'changes ?account=: {balanceInsufficient?, deniedActions?}',
    handle: ({ simulator, query, body }) => {
      const change = Object.entries(accountSchema.parse(body)).filter(([, value]) => value !== undefined)
      return simulator.setAccount(Object.fromEntries(change), query.get('account') ?? undefined)
    },
  },
  doing(
    'PUT',
    '/keys/:secretId/denied-actions',
    'what CAM does not allow the key: ["AllocateAddresses", "vpc:*"]; [] allows everything',
    ({ simulator, path, body }) => {
      simulator.denyKey(path.secretId!, z.array(z.string()).parse(body))
    },
  ),
]
