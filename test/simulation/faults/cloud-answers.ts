import type { CallFate } from '@pod-eip/simulators/cloud'
import type { Fault } from './fault.ts'

const error = (code: string) => (fate: CallFate) => {
  fate.error ??= { code, message: 'Simulated fault.' }
}
const halfDone = (code: string) => (fate: CallFate) => {
  fate.halfDone ??= code
}
const delivery = (of: CallFate['delivery']) => (fate: CallFate) => {
  if (fate.delivery.kind === 'answer') fate.delivery = of
}

const set = (what: 'taskFails' | 'noTaskId') => (fate: CallFate) => {
  fate[what] = true
}
const late =
  (what: 'delayBeforeMs' | 'delayAfterMs' | 'staleReadMs', least: number, most: number) =>
  (fate: CallFate, x: number) => {
    fate[what] = Math.max(fate[what], least + x * (most - least))
  }

interface Kind {
  what: string
  /** How often it befalls at most. */
  most: number
  /** Which calls it may befall; absent: any. */
  of?: 'looks' | 'changes' | 'batches'
  /** `x` is a number in [0, 1) drawn for the call. */
  strike(fate: CallFate, x: number): void
}

const kinds: Kind[] = [
  {
    what: 'answer never comes',
    most: 0.1,
    strike: delivery({ kind: 'lost', how: 'hang', carriedOut: true }),
  },
  { what: 'answer lost', most: 0.2, strike: delivery({ kind: 'lost', how: 'close', carriedOut: true }) },
  { what: 'call lost', most: 0.1, strike: delivery({ kind: 'lost', how: 'close', carriedOut: false }) },
  {
    what: 'HTTP 502, and it was done',
    most: 0.1,
    strike: delivery({ kind: 'http-error', status: 502, carriedOut: true }),
  },
  {
    what: 'HTML instead of an answer, and it was done',
    most: 0.1,
    strike: delivery({ kind: 'malformed', body: 'html' }),
  },
  { what: 'call late', most: 0.1, strike: late('delayBeforeMs', 500, 9_500) },
  {
    what: 'answer late, overtaken by others',
    most: 0.3,
    strike: late('delayAfterMs', 0, 9_000),
  },
  { what: 'throttled', most: 0.2, strike: error('RequestLimitExceeded') },
  { what: 'internal error', most: 0.1, strike: error('InternalServerError') },
  {
    what: 'half of a batch done, then refused',
    most: 0.5,
    of: 'batches',
    strike: halfDone('UnsupportedOperation.AddressStatusNotPermit'),
  },
  {
    what: 'half of a batch done, then an internal error',
    most: 0.5,
    of: 'batches',
    strike: halfDone('InternalServerError'),
  },
  { what: 'task fails', most: 0.2, of: 'changes', strike: set('taskFails') },
  { what: 'no task named', most: 0.5, of: 'changes', strike: set('noTaskId') },
  {
    what: 'one look that is old',
    most: 0.2,
    of: 'looks',
    strike: late('staleReadMs', 0, 12_000),
  },
]

function mayBefall({ of }: Kind, action: string): boolean {
  if (of === 'batches') return action === 'ReleaseAddresses'
  return of === undefined || (of === 'looks') === action.startsWith('Describe')
}

/** The cloud loses calls and answers, is late, throttles, refuses, stops halfway, and its tasks fail. */
export const cloudAnswers: Fault = {
  name: 'cloud answers',
  inStory({ stage, plane, rate, befalls, chance, stormy }) {
    const there = kinds
      .map((kind) => ({ kind, often: rate(kind.what, kind.most) }))
      .filter((k) => k.often > 0)
    return {
      cloudFate(action, name, fate) {
        if (!stormy()) return
        const at = { name, claims: () => stage.claimsOfCloudCall(plane().models.world) }
        for (const { kind, often } of there) {
          if (!mayBefall(kind, action)) continue
          if (befalls(`cloud, ${actionKind(action)}: ${kind.what}`, at, often)) {
            kind.strike(fate, chance(`${kind.what} ${name}`))
          }
        }
      },
    }
  },
}

/** Looks are told apart from changes; the changes one by one. */
function actionKind(action: string): string {
  return action.startsWith('Describe') ? 'a look' : action
}
