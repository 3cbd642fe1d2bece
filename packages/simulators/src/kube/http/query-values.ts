import { badRequest } from '../store/api-error.ts'

/** A whole number of the query; undefined where there is none. @throws ApiError 400 */
export function integerOf({ searchParams }: URL, name: string): number | undefined {
  const text = searchParams.get(name)
  if (text === null) return undefined
  if (/^[+-]?\d{1,18}$/.test(text)) return Number(text)
  throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`)
}

/** Whether the query says yes, which everything but `false` and `0` does; undefined where it says nothing. */
export function flagOf({ searchParams }: URL, name: string): boolean | undefined {
  const text = searchParams.get(name)
  return text === null ? undefined : !['false', '0'].includes(text.toLowerCase())
}
