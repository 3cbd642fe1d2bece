import type { Clock, Random } from '@pod-eip/runtime'
import type { VirtualClock } from '@pod-eip/simulators/virtual-clock'
import type { CallFate } from './fate.ts'

/** How badly the world treats a process. Probabilities are per port call. */
export interface Weather {
  /** SIGKILL before the call, or after it has worked but before its answer is seen. */
  crash: number
  /** The longest a call takes, in ms. */
  latencyMs: number
}

/**
 * One process of the control plane: the ports that it is given go through it, and it can be killed. What
 * a killed process was doing is never continued: its calls do not return, its timers do not fire.
 */
export interface Process {
  readonly name: string
  /** A port as the process sees it: each call takes time and may be the last thing the process does. */
  port<T extends object>(name: string, port: T): T
  readonly clock: Clock
  readonly alive: boolean
  /** Aborts when the process is asked to end, and when it is killed: then nobody is left to notice. */
  readonly signal: AbortSignal
  kill(): void
}

/**
 * Waits for ever: the fate of whatever a killed process was waiting for. A promise of its own each time: one
 * that all wait for would keep every killed process in memory.
 */
const never = () => new Promise<never>(() => {})

export function createProcess(
  name: string,
  deps: {
    clock: VirtualClock
    random: Random
    weather: () => Weather
    /** What befalls a call on a port of it; `null` = it is carried out and answered. */
    fateOf: (port: string, method: string, args: unknown[]) => CallFate | null
    /** Told of each crash: where it was. */
    onCrash: (process: string, point: string) => void
  },
): Process {
  const { clock, random, weather, fateOf, onCrash } = deps
  let alive = true
  const ended = new AbortController()

  function crashHere(point: string): boolean {
    if (!alive) return true
    if (random.next() >= weather().crash) return false
    end(point)
    return true
  }
  function end(point: string): void {
    alive = false
    // Lets go of the world's own timers and watches; the process itself does not come to life again.
    ended.abort()
    onCrash(name, point)
  }
  const latency = () => Math.floor(random.next() * weather().latencyMs)

  async function through<T>(
    port: string,
    method: string,
    args: unknown[],
    call: () => Promise<T> | T,
  ): Promise<T> {
    const point = `${port}.${method}`
    await clock.sleep(latency())
    if (crashHere(`before ${point}`)) return never()
    const fate = fateOf(port, method, args)
    let outcome: { ok: true; value: T } | { ok: false; error: unknown }
    try {
      if (fate?.when === 'before') throw fate.error
      const value = await call()
      if (fate && 'error' in fate) throw fate.error
      outcome = { ok: true, value: fate ? (fate.untrue(value) as T) : value }
    } catch (error) {
      outcome = { ok: false, error }
    }
    await clock.sleep(latency())
    if (crashHere(`after ${point}`)) return never()
    if (outcome.ok) return outcome.value
    throw outcome.error
  }

  function guardIterable<T>(port: string, method: string, source: AsyncIterable<T>): AsyncIterable<T> {
    return {
      [Symbol.asyncIterator]() {
        const inner = source[Symbol.asyncIterator]()
        return {
          next: () => through(port, method, [], () => inner.next()),
          return: async (value?: unknown) => {
            await inner.return?.(value)
            return { done: true as const, value: undefined }
          },
        }
      },
    }
  }

  return {
    name,
    get alive() {
      return alive
    },
    signal: ended.signal,
    kill() {
      if (alive) end('an idle moment')
    },
    port<T extends object>(portName: string, port: T): T {
      return new Proxy(port, {
        get(target, property, receiver) {
          const member = Reflect.get(target, property, receiver)
          if (typeof member !== 'function' || typeof property === 'symbol') return member
          return (...args: unknown[]) => {
            const call = () => Reflect.apply(member, target, args)
            if (streaming.has(property))
              return guardIterable(portName, property, call() as AsyncIterable<unknown>)
            if (longRunning.has(property)) return call()
            return through(portName, property, args, call)
          }
        },
      })
    },
    clock: {
      now: () => clock.now(),
      sleep: async (ms, signal) => {
        await clock.sleep(ms, signal)
        if (!alive) await never()
      },
    },
  }
}

/** Methods that return a stream of items: each item takes time, not the call. */
const streaming = new Set(['watch'])
/** Methods that last as long as the process does. */
const longRunning = new Set(['consume', 'subscribe', 'waitForMore'])
