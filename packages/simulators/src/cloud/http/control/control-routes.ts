import { accountRoutes } from './account.ts'
import { addressRoutes } from './addresses.ts'
import type { ControlRoute } from './control-route.ts'
import { lookRoutes } from './look.ts'
import { machineRoutes } from './machines.ts'
import { routeTableRoutes } from './route-tables.ts'
import { simulatorRoutes } from './simulator.ts'

/** Everything that can be seen and done beside the API; `?account=` and `?region=` choose where. */
export const controlRoutes: readonly ControlRoute[] = [
  {
    method: 'GET',
    pattern: '',
    says: 'this list',
    handle: () => controlRoutes.map(({ method, pattern, says }) => `${method} /_sim${pattern}: ${says}`),
  },
  ...lookRoutes,
  ...simulatorRoutes,
  ...machineRoutes,
  ...addressRoutes,
  ...routeTableRoutes,
  ...accountRoutes,
]
