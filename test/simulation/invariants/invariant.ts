import type { Claim, DomainEvent } from '@pod-eip/domain'
import type { ControlPlane } from '../stage/control-plane.ts'
import type { Stage } from '../stage/stage.ts'

/** Names the rule that is broken, and how. */
export type Say = (rule: string, what: string) => void

/** One entry of the cloud's ledger: what happened to an EIP. */
export type LedgerEntry = ReturnType<ReturnType<Stage['cloud']['region']>['ledger']>[number]

/** What a rule sees while the story goes on. */
export interface LiveView {
  stage: Stage
  plane: ControlPlane
  say: Say
}

/** What a rule sees once the storm is over and everybody has had time. */
export interface RestView extends LiveView {
  claims: Claim[]
  /** The log as it is. */
  events: DomainEvent[]
  /** All that was ever written, also what a restore has lost; positions count them all. */
  written: DomainEvent[]
  ledger: LedgerEntry[]
  /** EIPs that are in the cloud, by id. */
  addresses: Map<string, ReturnType<ReturnType<Stage['cloud']['region']>['addresses']>[number]>
}

/** A rule of the design, checked from outside. One may be checked while the story lasts, at its end, or both. */
export interface Invariant {
  /** Such as `I1 no leak`. */
  name: string
  /** At each change of an EIP in the cloud, right when it happens. */
  onCloudChange?(entry: LedgerEntry, view: LiveView): void
  /** Now and then during the story, at a moment when nothing runs. */
  onMoment?(view: LiveView): void
  atRest?(view: RestView): void | Promise<void>
}
