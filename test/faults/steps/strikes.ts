import type { Random } from '@pod-eip/runtime'
import type { ServiceName } from '../../e2e/harness/services.ts'
import type { When } from '../wire/wire.ts'

/** A place in a service's work where it can be struck: `worker: before AssociateAddress`. */
export interface Point {
  service: ServiceName
  when: When
  step: string
}

/** A point, and which of its passings is struck, from 1. */
export interface Aim extends Point {
  passing: number
}

/** Counts what passes, and says when to strike. */
export interface Strikes {
  /** A step passes by. True: strike now. */
  passes(point: Point): boolean
  /** Every point that was passed since the last call, and how often. */
  passed(): Map<string, { point: Point; count: number }>
  /** From now on each of these is struck once, when it has been passed so often. */
  aim(aims: Aim[]): void
  /** Struck so far, in order. */
  struck: readonly Aim[]
  /** Those of `aim` that are still to be struck. */
  left(): Aim[]
}

export function createStrikes(): Strikes {
  let counts = new Map<string, { point: Point; count: number }>()
  let armed = new Map<string, { aim: Aim; left: number }>()
  const struck: Aim[] = []
  return {
    passes(point) {
      const name = nameOf(point)
      const counted = counts.get(name) ?? { point, count: 0 }
      counted.count += 1
      counts.set(name, counted)
      const trap = armed.get(name)
      if (!trap) return false
      trap.left -= 1
      if (trap.left > 0) return false
      armed.delete(name)
      struck.push(trap.aim)
      return true
    },
    passed() {
      const before = counts
      counts = new Map()
      return before
    },
    aim(aims) {
      armed = new Map(aims.map((aim) => [nameOf(aim), { aim, left: aim.passing }]))
    },
    struck,
    left: () => [...armed.values()].map(({ aim }) => aim),
  }
}

export function nameOf({ service, when, step }: Point): string {
  return `${service}: ${when} ${step}`
}

/**
 * Aims at each point that a story passed, at one of its first passings.
 * @param most points of one service; those that are left out are chosen by chance
 */
export function chooseAims(
  passed: Map<string, { point: Point; count: number }>,
  random: Random,
  { most, firstPassings }: { most: number; firstPassings: number },
): Aim[] {
  const byService = Map.groupBy(passed.values(), ({ point }) => point.service)
  return [...byService.values()].flatMap((points) =>
    shuffled(points, random)
      .slice(0, most)
      .map(({ point, count }) => ({
        ...point,
        passing: 1 + Math.floor(random.next() * Math.min(count, firstPassings)),
      })),
  )
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  const drawn = items.map((item) => ({ item, at: random.next() }))
  return drawn.sort((a, b) => a.at - b.at).map(({ item }) => item)
}
