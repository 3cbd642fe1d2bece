import * as z from 'zod'
import { type ControlRoute, regionOf } from './control-route.ts'

/** What can be seen of a region. */
export const lookRoutes: readonly ControlRoute[] = [
  {
    method: 'GET',
    pattern: '/state',
    says: 'addresses, network interfaces, instances and quotas of the region',
    handle: (request) => {
      const region = regionOf(request)
      return {
        addresses: region.addresses(),
        networkInterfaces: region.networkInterfaces(),
        instances: region.instances(),
        quotas: region.quotas(),
      }
    },
  },
  {
    method: 'GET',
    pattern: '/ledger',
    says: 'what happened to the addresses, in order; ?addressId= and ?after=<number> narrow it',
    handle: (request) => {
      const addressId = request.query.get('addressId')
      return regionOf(request).ledger({
        ...(addressId && { addressId }),
        after: z.coerce.number().parse(request.query.get('after') ?? 0),
      })
    },
  },
  {
    method: 'GET',
    pattern: '/billing',
    says: 'seconds unbound and bound, and the IP fee, of every address held or released',
    handle: (request) => regionOf(request).billing(),
  },
]
