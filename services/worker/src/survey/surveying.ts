import type { EipCloud } from '@pod-eip/cloud'
import type { GuardSettings } from '@pod-eip/domain'
import type { EventLog } from '@pod-eip/event-log'
import type { ReadModels } from '@pod-eip/read-models'
import type { Clock, Logger } from '@pod-eip/runtime'
import type { SurveyCounts } from './survey-counts.ts'

/** What the comparison of cloud and log works with. */
export interface Surveying {
  readModels: Pick<ReadModels, 'claims' | 'claim' | 'address' | 'intentOfAllocation'>
  log: Pick<EventLog, 'append' | 'readStream'>
  cloud: Pick<EipCloud, 'describeAddresses'>
  clock: Clock
  logger: Logger
  counts: SurveyCounts
  settings: {
    clusterId: string
    /** Between the end of one comparison and the next, in ms. */
    surveyMs: number
    /** How long an EIP must be seen in nobody's hands, in ms. */
    orphanGraceMs: number
    /** How many EIPs of claims may be gone at once until a cloud that says so is not believed. */
    guard: Pick<GuardSettings, 'missedCount' | 'missedShare'>
  }
}
