import type { Random } from '@pod-eip/runtime'
import { type Fault, type FaultInput, faultSchema, type MalformedBody } from './fault.ts'

/** What befalls one call. */
export interface CallFate {
  delayBeforeMs: number
  delayAfterMs: number
  error: { code: string; message: string } | null
  /** The code with which a batch ends after its first half. */
  halfDone: string | null
  /** What the caller gets instead of the answer. */
  delivery:
    | { kind: 'answer' }
    | { kind: 'lost'; how: 'close' | 'hang'; carriedOut: boolean }
    | { kind: 'http-error'; status: number; carriedOut: boolean }
    | { kind: 'malformed'; body: MalformedBody }
  staleReadMs: number
  taskFails: boolean
  noTaskId: boolean
}

export type ActiveFault = Fault & { id: string }

/** The faults that are switched on. */
export interface FaultSwitches {
  /** Switches one on; several may befall the same call, of a kind the first counts. */
  add(fault: FaultInput): ActiveFault
  list(): ActiveFault[]
  /** False when there is no such fault. */
  remove(id: string): boolean
  clear(): void
  /** Draws what befalls a call of the action. */
  draw(action: string): CallFate
}

/** What befalls a call when nothing does. */
export const noFault: CallFate = {
  delayBeforeMs: 0,
  delayAfterMs: 0,
  error: null,
  halfDone: null,
  delivery: { kind: 'answer' },
  staleReadMs: 0,
  taskFails: false,
  noTaskId: false,
}

export function createFaultSwitches(random: Random): FaultSwitches {
  let nextId = 1
  let active: ActiveFault[] = []

  const strikes = (fault: ActiveFault, action: string) => {
    if (fault.action !== '*' && fault.action !== action) return false
    if (fault.probability < 1 && random.next() >= fault.probability) return false
    if (fault.count === undefined) return true
    fault.count -= 1
    if (fault.count === 0) active = active.filter((other) => other !== fault)
    return true
  }

  return {
    add(input) {
      const fault = { ...faultSchema.parse(input), id: `fault-${nextId++}` }
      active.push(fault)
      return { ...fault }
    },
    list: () => active.map((fault) => ({ ...fault })),
    remove(id) {
      const before = active.length
      active = active.filter((fault) => fault.id !== id)
      return active.length < before
    },
    clear() {
      active = []
    },
    draw(action) {
      const fate: CallFate = { ...noFault }
      for (const fault of [...active]) {
        if (strikes(fault, action)) befall(fate, fault)
      }
      return fate
    },
  }
}

function befall(fate: CallFate, fault: Fault): void {
  switch (fault.kind) {
    case 'latency':
      if (fault.when === 'before') fate.delayBeforeMs += fault.ms
      else fate.delayAfterMs += fault.ms
      break
    case 'error':
      fate.error ??= { code: fault.code, message: fault.message ?? 'Simulated fault.' }
      break
    case 'lost-answer':
    case 'lost-request':
    case 'http-error':
    case 'malformed-answer':
      if (fate.delivery.kind === 'answer') fate.delivery = deliveryOf(fault)
      break
    case 'stale-read':
      fate.staleReadMs = Math.max(fate.staleReadMs, fault.ms)
      break
    case 'half-done':
      fate.halfDone ??= fault.code
      break
    case 'failing-task':
      fate.taskFails = true
      break
    case 'no-task-id':
      fate.noTaskId = true
      break
  }
}

function deliveryOf(
  fault: Extract<Fault, { kind: 'lost-answer' | 'lost-request' | 'http-error' | 'malformed-answer' }>,
): CallFate['delivery'] {
  switch (fault.kind) {
    case 'lost-answer':
      return { kind: 'lost', how: fault.how, carriedOut: true }
    case 'lost-request':
      return { kind: 'lost', how: fault.how, carriedOut: false }
    case 'http-error':
      return { kind: 'http-error', status: fault.status, carriedOut: fault.carriedOut }
    case 'malformed-answer':
      return { kind: 'malformed', body: fault.body }
  }
}
