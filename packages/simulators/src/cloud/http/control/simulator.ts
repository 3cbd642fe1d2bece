import { faultSchema } from '../../faults/fault.ts'
import type { CloudSimulator } from '../../simulator.ts'
import { type ControlRoute, doing } from './control-route.ts'

/** The simulator itself: its settings and its faults. */
export const simulatorRoutes: readonly ControlRoute[] = [
  {
    method: 'GET',
    pattern: '/config',
    says: 'quotas, durations, rate limits and the rest; without the accounts',
    handle: ({ simulator }) => withoutAccounts(simulator.config),
  },
  {
    method: 'PATCH',
    pattern: '/config',
    says: 'changes quotas, durations, rateLimits, clientTokenMs, staleReadMs or boundToInterface',
    handle: ({ simulator, body }) => withoutAccounts(simulator.configure(body as object)),
  },
  {
    method: 'GET',
    pattern: '/faults',
    says: 'the faults that are switched on',
    handle: ({ simulator }) => simulator.faults.list(),
  },
  {
    method: 'POST',
    pattern: '/faults',
    says: 'switches a fault on: {kind, action?, probability?, count?, ...}; see docs/simulators.md',
    handle: ({ simulator, body }) => simulator.faults.add(faultSchema.parse(body)),
  },
  doing('DELETE', '/faults', 'switches all faults off', ({ simulator }) => {
    simulator.faults.clear()
  }),
  {
    method: 'DELETE',
    pattern: '/faults/:id',
    says: 'switches one fault off',
    handle: ({ simulator, path }) => ({ ok: simulator.faults.remove(path.id!) }),
  },
  doing('POST', '/reset', 'forgets everything, faults included', ({ simulator }) => {
    simulator.reset()
  }),
]

function withoutAccounts({ accounts: _secrets, ...config }: CloudSimulator['config']) {
  return config
}
