import type { PortCall } from '../stage/fate.ts'
import type { Fault } from './fault.ts'

/** Of calls that a service makes all the time, one in so many is as likely to be the last as one of the seldom. */
const seldom = 10

/**
 * A process is killed before one of its calls, or after it has worked and before its answer is seen. Which calls of
 * which services are deadly is drawn for each story, and the more often a call is made the less often it is one: else
 * nearly all would die at the few calls that are made all the time, and hardly one between two calls of the cloud.
 */
export const killed: Fault = {
  name: 'killed',
  inStory({ rate, befalls, stormy }) {
    const points = new Map<string, { when: 'before' | 'after'; what: string; often: number }[]>()
    function pointsOf({ service, port, method }: PortCall) {
      const key = `${service} ${port}.${method}`
      const known = points.get(key)
      if (known) return known
      const drawn = (['before', 'after'] as const).map((when) => {
        const what = `${service} killed ${when} ${port}.${method}`
        return { when, what, often: rate(what, 0.25) }
      })
      const there = drawn.filter(({ often }) => often > 0)
      points.set(key, there)
      return there
    }
    return {
      callFate(call) {
        if (!stormy()) return null
        for (const { when, what, often } of pointsOf(call)) {
          const probability = often / (1 + call.number / seldom)
          if (befalls(what, { name: call.name, call }, probability)) return { when, kill: true }
        }
        return null
      },
    }
  },
}
