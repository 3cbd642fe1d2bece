import { z } from 'zod'
import { badRequest } from '../store/api-error.ts'
import type { DeleteOptions } from '../store/delete.ts'
import { type Exchange, readBody } from './exchange.ts'

const policy = z.enum(['Background', 'Foreground', 'Orphan'])
const body = z.object({
  gracePeriodSeconds: z.int().nullish(),
  propagationPolicy: policy.nullish(),
  orphanDependents: z.boolean().nullish(),
  dryRun: z.array(z.string()).nullish(),
  preconditions: z.object({ uid: z.string().nullish(), resourceVersion: z.string().nullish() }).nullish(),
})

/** The options of a delete, from its body or its query. @throws ApiError 400 */
export async function deleteOptions(exchange: Exchange): Promise<DeleteOptions> {
  const { searchParams } = exchange.url
  const asked = body.safeParse((await readBody(exchange)) ?? {})
  if (!asked.success) throw badRequest(`these are no DeleteOptions: ${z.prettifyError(asked.error)}`)
  const { gracePeriodSeconds, propagationPolicy, orphanDependents, dryRun, preconditions } = asked.data
  const query = policy.safeParse(searchParams.get('propagationPolicy')).data
  const grace = gracePeriodSeconds ?? searchParams.get('gracePeriodSeconds')
  const chosen = propagationPolicy ?? query ?? (orphanDependents ? 'Orphan' : undefined)
  return {
    ...(grace === null ? {} : { gracePeriodSeconds: Number(grace) }),
    ...(chosen ? { propagationPolicy: chosen } : {}),
    ...(preconditions?.uid ? { uid: preconditions.uid } : {}),
    ...(preconditions?.resourceVersion ? { resourceVersion: preconditions.resourceVersion } : {}),
    dryRun: dryRun?.includes('All') || searchParams.getAll('dryRun').includes('All'),
  }
}
