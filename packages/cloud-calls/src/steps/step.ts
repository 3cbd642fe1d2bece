import type { CallOptions, CallResult, CloudAddress, EipCloud } from '@pod-eip/cloud'
import type { Intent, NewDomainEvent, OwnCode } from '@pod-eip/domain'
import type { Clock } from '@pod-eip/runtime'
import type { Obstacles } from '../obstacles.ts'

/**
 * What one step of an intent led to: its outcome, or another step after a while. A step may be taken
 * again at any time, also while another worker takes it: it looks before it repeats.
 */
export type StepResult =
  /** Outcomes: of each member one. */
  { kind: 'done'; outcomes: NewDomainEvent[] } | { kind: 'again'; delayMs: number; told?: Obstruction }

/** What is worth telling the user: what stands in the way, and how often it is tried again at least, in ms. */
export interface Obstruction extends CloudWord {
  everyMs: number
}

/** What stands in the way, in the cloud's words or ours. */
export interface CloudWord {
  code: string
  message: string
  requestId: string
}

/** What earlier steps of the intent left behind. */
export interface StepMemory {
  /** Steps taken before this one. */
  attempts: number
  /** Steps that the cloud refused in a row. */
  failures: number
  /** When a changing call was last sent that was not refused, epoch ms; `null` before the first. */
  calledAt: number | null
  /** Whether that call was answered. */
  answered: boolean
  /** RequestId of the last changing call that was answered; empty when none was. */
  requestId: string
  /** The cloud's task of an allocation, where it named one. */
  taskId: number | null
  /** Since when the cloud says that this task succeeded, epoch ms. */
  succeededAt: number | null
  /** Since when the cloud has refused to unbind what it shows unbound, epoch ms. */
  refusedAt: number | null
  /** Claims that the allocation under the token in use is for. */
  askedFor: string[]
  /** An allocation was called for again, since nothing was seen of the call before. */
  repeated: boolean
  /** Ids that an allocation brought. */
  addressIds: string[]
  /** Which ClientToken of the allocation is in use: the cloud can demand a new one. */
  tokenNumber: number
  obstacles: Obstacles
}

export interface StepContext {
  intent: Intent
  /** Nobody wants the intent any more: find out what it did, and end it. */
  cancelled: boolean
  memory: StepMemory
  /** Whether an EIP is bound where a Pod may be that is none of the claim's: on a node, and never by our order. */
  isAnothersPlace(address: CloudAddress): Promise<boolean>
  cloud: EipCloud
  clock: Clock
  settings: WorkerSettings
  /**
   * Makes a changing call: it is written down before it is sent, so that whoever goes on after a crash
   * knows that it may have worked. A refusal by the cloud takes that back. With the options that `send` is
   * given, the call goes out only while the lease is held, however long it waited for its turn.
   */
  call<T extends CallResult>(send: (options: CallOptions) => Promise<T>): Promise<T>
}

export interface WorkerSettings {
  clusterId: string
  /** How long a call without an answer may still work, and what a describe shows is most often old, in ms. */
  settleMs: number
  /**
   * How old what a describe shows may be at the worst, in ms: before that time has passed nothing is given up, undone
   * or taken for done because of what is shown, but by what the cloud answers to a call or says of its task.
   */
  readLagMs: number
  /**
   * How long a worker that died keeps an intent from others, in ms. Not shorter than `settleMs`: a call that
   * it sent at its very end must have settled when the next worker looks.
   */
  leaseMs: number
  /** Between two looks at a task that is under way, in ms. */
  pollMs: number
}

/** Another step after `delayMs`; what is told is tried again at least every `everyMs`. */
export function again(delayMs: number, told?: CloudWord, everyMs = delayMs): StepResult {
  return told ? { kind: 'again', delayMs, told: { ...told, everyMs } } : { kind: 'again', delayMs }
}

/**
 * Until the next look at what only time can tell, in ms: a tenth of what has passed since the last call. So a wait of
 * ten minutes costs some fifty looks, and what comes is seen at most a tenth later than it could be.
 */
export function patientPollMs({ memory, clock, settings }: StepContext): number {
  const waited = memory.calledAt === null ? 0 : clock.now() - memory.calledAt
  return Math.max(settings.pollMs, Math.round(waited / 10))
}

/** What stands in the way, in our own words: one sentence with what to do. */
export function ownWord(code: OwnCode, message: string): CloudWord {
  return { code, message, requestId: '' }
}

export function done(...outcomes: NewDomainEvent[]): StepResult {
  return { kind: 'done', outcomes }
}

/** Whether what the cloud shows can still be from before the last call. */
export function unsettled(context: StepContext, times = 1): boolean {
  const { memory, clock, settings } = context
  return memory.calledAt !== null && clock.now() - memory.calledAt < settings.settleMs * times
}

/** Whether what the cloud shows can at the worst still be from before `at`: ISO 8601, or epoch ms. */
export function mayPrecede({ clock, settings }: StepContext, at: string | number | null): boolean {
  if (at === null) return false
  return clock.now() - (typeof at === 'number' ? at : Date.parse(at)) < settings.readLagMs
}

/** Whether `iso` is so recent that the cloud may still show what was before it. */
export function recent(context: StepContext, iso: string): boolean {
  return context.clock.now() - Date.parse(iso) < context.settings.settleMs
}
