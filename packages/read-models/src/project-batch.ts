import {
  type AllocationPace,
  causesIn,
  claimsOfOwners,
  type DecisionContext,
  type DomainEvent,
  decideWorld,
  emptyKeys,
  foldEvent,
  heldAndAnswered,
  isAwake,
  type Keys,
  keysOf,
  keysToDecide,
  type ModelKind,
  modelKinds,
  nextAllocationAt,
  type RecordedDecision,
  type World,
  wakesAll,
} from '@pod-eip/domain'
import type { Undecided } from './projector-state.ts'

export interface BatchInput {
  /** The next events of the log, in order. */
  events: DomainEvent[]
  /** Position of the last of them, or of the checkpoint when there are none. */
  position: number
  undecided: Undecided
  /** Claims to be decided about as well. */
  revisit?: string[] | undefined
  /**
   * Whether `events` reach the end of the log, and nobody can append before these decisions are in it.
   * Only then is anything decided: a decision must follow every event that it was made from, or a replay
   * would fold them in another order.
   */
  atHead: boolean
  /** Nothing is decided, for whatever reason. */
  foldOnly?: boolean | undefined
  /** At most so many claims are decided about in one batch. */
  maxClaims: number
}

export interface BatchResult {
  decisions: RecordedDecision[]
  undecided: Undecided
  /** Something is left to be decided at once. */
  more: boolean
  /** When something is to be decided at the latest, without any other event, in epoch ms. */
  dueAt: number | null
}

/** What a step needs of the read models before it goes on. */
export interface Needs {
  /** Records by their keys. */
  keys: Keys
  /** Every claim of these owners, by uid. */
  claimsOfOwners: ReadonlySet<string>
  /** Every claim about which there may be something to decide. */
  awake: boolean
}

const noOwners: ReadonlySet<string> = new Set()

/**
 * The whole of a projector's step, without its I/O: yields the records that it needs (to be put into `world`
 * before it goes on, unless they are there: what was folded is newer), folds the events, decides, and returns what is to be appended. Changed records are in `world`.
 */
export function* projectBatch(
  world: World,
  input: BatchInput,
  context: DecisionContext,
): Generator<Needs, BatchResult, void> {
  const touched = emptyKeys()
  for (const event of input.events) keysOf(event, touched)
  const awake = input.events.some(wakesAll)
  yield { keys: touched, claimsOfOwners: touched.owners, awake }
  for (const event of input.events) foldEvent(world, event)

  const { held, pace } = input.undecided
  const claims = union(input.undecided.claims, [
    ...touched.claims,
    ...claimsOfOwners(world, touched.owners),
    ...(awake ? [...world.claims.values()].filter(isAwake).map(({ key }) => key) : []),
    ...(input.revisit ?? []),
  ])
  const nodes = union(input.undecided.nodes, touched.nodes)
  if (!input.atHead || input.foldOnly) {
    const undecided = { claims: union(claims, heldAndAnswered(world)), nodes, held, pace }
    return { decisions: [], undecided, more: true, dueAt: null }
  }

  const some = new Set(union(claims, held).slice(0, input.maxClaims))
  // Those that have waited for company came first, and are served first.
  const now = union(
    held.filter((key) => some.has(key)),
    some,
  )
  const loaded = touched
  for (;;) {
    const missing = difference(keysToDecide(world, union(now, loaded.claims), nodes), loaded)
    if (modelKinds.every((kind) => missing[kind].size === 0)) break
    yield { keys: missing, claimsOfOwners: noOwners, awake: false }
    for (const kind of modelKinds) for (const key of missing[kind]) loaded[kind].add(key)
  }
  const decided = decideWorld(world, now, nodes, input.position, context, pace, causesIn(input.events))
  const left = claims.slice(input.maxClaims)
  // Those that only wait for company go on waiting where there was no room for them.
  const stillHeld = union(
    decided.held,
    held.filter((key) => !now.includes(key)),
  ).filter((key) => !left.includes(key))
  const newPace = paceAfter(pace, decided.decisions, context)
  return {
    decisions: decided.decisions,
    undecided: { claims: left, nodes: [], held: stillHeld, pace: newPace },
    more: left.length > 0,
    dueAt: stillHeld.length > 0 ? nextAllocationAt(newPace) : null,
  }
}

function paceAfter(
  before: AllocationPace,
  decisions: RecordedDecision[],
  { now }: DecisionContext,
): AllocationPace {
  const claims = decisions.filter(({ event }) => event.type === 'AllocationDecided').length
  return claims === 0 ? before : { at: now, claims }
}

function union(list: string[], more: Iterable<string>): string[] {
  return [...new Set([...list, ...more])]
}

function difference(wanted: Keys, have: Keys): Keys {
  const missing = emptyKeys()
  const add = (kind: ModelKind) => {
    for (const key of wanted[kind]) if (!have[kind].has(key)) missing[kind].add(key)
  }
  modelKinds.forEach(add)
  return missing
}
