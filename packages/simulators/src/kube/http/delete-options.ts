import { z } from 'zod'
import { badRequest, type Cause, cause, invalidOptions } from '../store/api-error.ts'
import type { DeleteOptions } from '../store/delete.ts'
import { type Exchange, readBody } from './exchange.ts'
import { integerOf } from './query-values.ts'
import { isDryRun } from './write-options.ts'

const policies = ['Background', 'Foreground', 'Orphan'] as const
const body = z.object({
  gracePeriodSeconds: z.int().nullish(),
  propagationPolicy: z.string().nullish(),
  orphanDependents: z.boolean().nullish(),
  dryRun: z.array(z.string()).nullish(),
  preconditions: z.object({ uid: z.string().nullish(), resourceVersion: z.string().nullish() }).nullish(),
})

/** The options of a delete, from its body or its query. @throws ApiError 400, 422 */
export async function deleteOptions(exchange: Exchange): Promise<DeleteOptions> {
  const { searchParams } = exchange.url
  const read = body.safeParse((await readBody(exchange)) ?? {})
  if (!read.success) throw badRequest(`these are no DeleteOptions: ${z.prettifyError(read.error)}`)
  const { gracePeriodSeconds, propagationPolicy, orphanDependents, dryRun, preconditions } = read.data
  const grace = gracePeriodSeconds ?? integerOf(exchange.url, 'gracePeriodSeconds')
  const policy =
    propagationPolicy ?? searchParams.get('propagationPolicy') ?? (orphanDependents ? 'Orphan' : null)
  const chosen = policies.find((one) => one === policy)
  const wrong: Cause[] = []
  if (policy !== null && chosen === undefined) {
    wrong.push(cause.notSupported('propagationPolicy', policy, policies))
  }
  const dryRunAsked = [...(dryRun ?? []), ...searchParams.getAll('dryRun')]
  const isDry = isDryRun(dryRunAsked, wrong)
  if (wrong.length > 0) throw invalidOptions('DeleteOptions', wrong)
  return {
    ...(grace === undefined ? {} : { gracePeriodSeconds: grace }),
    ...(chosen ? { propagationPolicy: chosen } : {}),
    ...(preconditions?.uid ? { uid: preconditions.uid } : {}),
    ...(preconditions?.resourceVersion ? { resourceVersion: preconditions.resourceVersion } : {}),
    dryRun: isDry,
  }
}
