import { type Cause, cause, invalidOptions } from '../store/api-error.ts'
import type { WriteOptions } from '../store/operations.ts'
import type { Exchange } from './exchange.ts'

const validations = ['Ignore', 'Strict', 'Warn'] as const
const longestManager = 128

/**
 * How something is written, by the query and the client's name for itself. Unknown fields are warned of unless the
 * query says otherwise.
 *
 * @throws ApiError 422 for options that there are not
 */
export function writeOptions({ url, request, method, warnings }: Exchange): WriteOptions {
  const { searchParams } = url
  const agent = String(request.headers['user-agent'] ?? 'unknown').split('/')[0] ?? 'unknown'
  const fieldManager = searchParams.get('fieldManager') || agent
  const asked = searchParams.get('fieldValidation') || 'Warn'
  const fieldValidation = validations.find((one) => one === asked)
  const wrong: Cause[] = []
  if (fieldValidation === undefined) {
    wrong.push(cause.notSupported('fieldValidation', asked, ['', ...validations]))
  }
  if (fieldManager.length > longestManager) wrong.push(cause.tooLong('fieldManager', longestManager))
  const dryRun = isDryRun(searchParams.getAll('dryRun'), wrong)
  if (wrong.length > 0) throw invalidOptions(optionsOf[method] ?? 'PatchOptions', wrong)
  return {
    fieldManager,
    dryRun,
    ...(fieldValidation === undefined ? {} : { fieldValidation }),
    ...(fieldValidation === 'Warn' ? { warn: (text: string) => void warnings.push(text) } : {}),
  }
}

const optionsOf: Record<string, string> = { POST: 'CreateOptions', PUT: 'UpdateOptions' }

/** Whether everything but the writing is done; adds to `wrong` when something in between is asked for. */
export function isDryRun(asked: string[], wrong: Cause[]): boolean {
  const stages = asked.filter((stage) => stage !== '')
  if (stages.some((stage) => stage !== 'All')) wrong.push(cause.notSupported('dryRun', stages, ['All']))
  return stages.includes('All')
}
