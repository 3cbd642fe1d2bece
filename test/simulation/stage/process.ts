import type { Clock, Random } from '@pod-eip/runtime'
import type { VirtualClock } from '@pod-eip/simulators/virtual-clock'
import type { CallFate, PortCall } from './fate.ts'

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
  /** Asks it to end, as SIGTERM does: it brings to its end what is under way. */
  end(): void
  /** Nothing of it goes on for so long, in ms: neither its calls nor its timers. */
  freeze(ms: number): void
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
    /** What its own clock shows. */
    now: () => number
    random: Random
    /** The longest that a call takes now, in ms. */
    latencyMs: () => number
    /** Counts its calls of a method, also over its lives. */
    nextNumber: (method: string) => number
    /** What befalls a call on a port of it; `null` = it is carried out and answered. */
    fateOf: (call: PortCall) => CallFate | null
    /** Told of its end, by its own hand or not. */
    onEnd: () => void
  },
): Process {
  const { clock, random, fateOf, onEnd } = deps
  const service = name.replace(/-\d+$/, '')
  let alive = true
  let frozenUntil = 0
  const ended = new AbortController()

  function die(): void {
    if (!alive) return
    alive = false
    // Lets go of the world's own timers and watches; the process itself does not come to life again.
    ended.abort()
    onEnd()
  }
  const latency = () => Math.floor(random.next() * deps.latencyMs())

  /** Nothing of a frozen process goes on, and nothing of a dead one ever does. */
  async function running(): Promise<void> {
    while (clock.now() < frozenUntil) await clock.sleep(frozenUntil - clock.now())
    if (!alive) await never()
  }

  async function through<T>(
    port: string,
    method: string,
    args: unknown[],
    call: (args: unknown[]) => Promise<T> | T,
  ): Promise<T> {
    await clock.sleep(latency())
    await running()
    const number = deps.nextNumber(`${port}.${method}`)
    const fate = fateOf({
      ...{ process: name, service, port, method, args, number },
      name: `${name} ${port}.${method} #${number}`,
    })
    const ofKind = <K extends string>(kind: K) =>
      fate && kind in fate ? (fate as Extract<CallFate, Record<K, unknown>>) : null
    if (fate?.when === 'before') {
      if (ofKind('kill')) die()
      const late = ofKind('late')
      if (late) await clock.sleep(late.late)
      await running()
    }
    let outcome: { ok: true; value: T } | { ok: false; error: unknown }
    const failing = ofKind('error')
    try {
      if (failing?.when === 'before') throw failing.error
      const value = await call(failing?.when === 'half' ? failing.args : args)
      if (failing) throw failing.error
      outcome = { ok: true, value: (ofKind('untrue')?.untrue(value) ?? value) as T }
    } catch (error) {
      outcome = { ok: false, error }
    }
    await clock.sleep(latency() + (fate?.when === 'after' ? (ofKind('late')?.late ?? 0) : 0))
    if (fate?.when === 'after' && ofKind('kill')) die()
    await running()
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
    kill: die,
    end: () => ended.abort(),
    freeze(ms) {
      frozenUntil = Math.max(frozenUntil, clock.now() + ms)
    },
    port<T extends object>(portName: string, port: T): T {
      return new Proxy(port, {
        get(target, property, receiver) {
          const member = Reflect.get(target, property, receiver)
          if (typeof member !== 'function' || typeof property === 'symbol') return member
          return (...args: unknown[]) => {
            const call = (those: unknown[] = args) => Reflect.apply(member, target, those)
            if (streaming.has(property))
              return guardIterable(portName, property, call() as AsyncIterable<unknown>)
            if (longRunning.has(property)) return call()
            return through(portName, property, args, call)
          }
        },
      })
    },
    clock: {
      now: deps.now,
      sleep: async (ms, signal) => {
        await clock.sleep(ms, signal)
        await running()
      },
    },
  }
}

/** Methods that return a stream of items: each item takes time, not the call. */
const streaming = new Set(['watch'])
/** Methods that last as long as the process does. */
const longRunning = new Set(['consume', 'subscribe', 'waitForMore'])
