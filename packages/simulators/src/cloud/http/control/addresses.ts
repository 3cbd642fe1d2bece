import * as z from 'zod'
import { type ControlRoute, doing, regionOf } from './control-route.ts'

const buySchema = z.strictObject({
  addressIds: z
    .array(z.string().regex(/^eip-[0-9a-z]+$/, 'is no id of an EIP, such as eip-0a1b2c3d'))
    .min(1)
    .max(100)
    .optional(),
})

const foreignSchema = z.strictObject({ place: z.enum(['own-interface', 'own-address']).optional() })

const marksSchema = z.strictObject({
  isArrears: z.boolean().optional(),
  isBlocked: z.boolean().optional(),
  deletionProtection: z.boolean().optional(),
})

/** What other people do with EIPs. */
export const addressRoutes: readonly ControlRoute[] = [
  {
    method: 'POST',
    pattern: '/instances/:id/foreign-eips',
    says: "somebody else binds an EIP of theirs on the CVM: {place?: 'own-interface' | 'own-address'}",
    handle: (request) => {
      const { place } = foreignSchema.parse(request.body ?? {})
      return { addressId: regionOf(request).bindForeignAddress(request.path.id!, place) }
    },
  },
  doing('DELETE', '/foreign-eips/:id', 'they unbind it again', (request) => {
    regionOf(request).unbindForeignAddress(request.path.id!)
  }),
  {
    method: 'POST',
    pattern: '/addresses',
    says: 'somebody buys EIPs at the console, with these ids or one with an id that is drawn: {addressIds?}',
    handle: (request) => {
      const { addressIds } = buySchema.parse(request.body ?? {})
      const region = regionOf(request)
      return { addressIds: (addressIds ?? [undefined]).map((id) => region.buyAddress(id)) }
    },
  },
  doing(
    'PATCH',
    '/addresses/:id',
    'marks an EIP: {isArrears?, isBlocked?, deletionProtection?}',
    (request) => {
      const marks = Object.entries(marksSchema.parse(request.body)).filter(([, value]) => value !== undefined)
      regionOf(request).markAddress(request.path.id!, Object.fromEntries(marks))
    },
  ),
]
