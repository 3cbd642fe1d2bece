import * as z from 'zod'
import { isAction } from '../requests/schemas.ts'

const ms = z.number().nonnegative()
const how = z.enum(['close', 'hang']).default('close')

const common = {
  /** The action that it befalls, or `*`. */
  action: z
    .string()
    .refine((name) => name === '*' || isAction(name), 'no such action')
    .default('*'),
  /** Of each call, drawn anew. */
  probability: z.number().min(0).max(1).default(1),
  /** So many times, then no more; absent: for ever. */
  count: z.int().positive().optional(),
}

/** One way in which calls go wrong. */
export const faultSchema = z.discriminatedUnion('kind', [
  /** The call waits before it is carried out, or its answer does. */
  z.strictObject({
    kind: z.literal('latency'),
    ms,
    when: z.enum(['before', 'after']).default('before'),
    ...common,
  }),
  /** An error answer; nothing is carried out. */
  z.strictObject({
    kind: z.literal('error'),
    code: z.string().min(1),
    message: z.string().optional(),
    ...common,
  }),
  /** The call is carried out, the answer never arrives: the connection closes, or nothing comes. */
  z.strictObject({ kind: z.literal('lost-answer'), how, ...common }),
  /** Nothing is carried out and nothing answered. */
  z.strictObject({ kind: z.literal('lost-request'), how, ...common }),
  /** An HTML page of a gateway instead of an answer; the call may have been carried out behind it. */
  z.strictObject({
    kind: z.literal('http-error'),
    status: z.int().min(500).max(599).default(502),
    carriedOut: z.boolean().default(false),
    ...common,
  }),
  /** The call is carried out, the answer is HTTP 200 but not as documented. */
  z.strictObject({
    kind: z.literal('malformed-answer'),
    body: z.enum(['html', 'no-response', 'truncated', 'empty-response']).default('html'),
    ...common,
  }),
  /** Describe actions show what was true so long ago. */
  z.strictObject({ kind: z.literal('stale-read'), ms, ...common }),
  /** A batch is carried out for its first half; the answer is the error `code`. */
  z.strictObject({ kind: z.literal('half-done'), code: z.string().min(1), ...common }),
  /** The change is accepted, its task fails. */
  z.strictObject({ kind: z.literal('failing-task'), ...common }),
  /** The answer names no task. */
  z.strictObject({ kind: z.literal('no-task-id'), ...common }),
])

export type Fault = z.output<typeof faultSchema>
export type FaultInput = z.input<typeof faultSchema>
export type MalformedBody = Extract<Fault, { kind: 'malformed-answer' }>['body']
