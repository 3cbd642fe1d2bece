import type { Fault } from './fault.ts'

/** The cloud loses calls and answers, is late, throttles, refuses, stops halfway, and its tasks fail. */
export const cloudAnswers: Fault = {
  name: 'cloud answers',
  inStory({ stage, random }) {
    const probability = random.next() < 0.8 ? random.next() * 0.15 : 0
    for (const fault of probability === 0 ? [] : faults(probability)) stage.cloud.faults.add(fault)
    return { calm: () => stage.cloud.faults.clear() }
  },
}

function faults(probability: number) {
  return [
    { kind: 'lost-answer' as const, how: 'hang' as const, probability: probability / 2 },
    { kind: 'lost-answer' as const, probability: probability / 2 },
    { kind: 'lost-request' as const, probability: probability / 2 },
    { kind: 'latency' as const, ms: 9_000, when: 'before' as const, probability: probability / 2 },
    { kind: 'http-error' as const, carriedOut: true, probability: probability / 3 },
    { kind: 'error' as const, code: 'RequestLimitExceeded', probability },
    { kind: 'error' as const, code: 'InternalServerError', probability: probability / 2 },
    { kind: 'half-done' as const, code: 'UnsupportedOperation.AddressStatusNotPermit', probability },
    { kind: 'half-done' as const, code: 'InternalServerError', probability: probability / 2 },
    { kind: 'failing-task' as const, probability: probability / 2 },
  ]
}
