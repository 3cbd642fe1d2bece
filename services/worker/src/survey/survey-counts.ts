import type { Drift } from '@pod-eip/domain'
import { Counter, Gauge, type Metrics } from '@pod-eip/runtime'
import type { SurveyFindings } from './survey-requests.ts'

/** Counts what comparisons of the cloud with the log find, for whoever watches over them. */
export interface SurveyCounts {
  made(findings: SurveyFindings, atMs: number): void
  failed(): void
  drifted(kind: Drift['kind']): void
  orphansFound(count: number): void
}

export function createSurveyCounts(metrics: Metrics): SurveyCounts {
  const registers = [metrics]
  const surveys = new Counter({
    ...{ registers, name: 'pod_eip_surveys_total', labelNames: ['outcome'] as const },
    help: 'Comparisons of the cloud with the log, by whether they came to an end.',
  })
  const lastAt = new Gauge({
    ...{ registers, name: 'pod_eip_survey_last_success_timestamp_seconds' },
    help: 'When such a comparison last came to an end.',
  })
  const drifts = new Counter({
    ...{ registers, name: 'pod_eip_drifted_addresses_total', labelNames: ['kind'] as const },
    help: 'EIPs of claims that were found otherwise than the log has them, by what somebody did.',
  })
  const orphans = new Counter({
    ...{ registers, name: 'pod_eip_orphans_found_total' },
    help: 'EIPs of this cluster that no claim had for as long as the grace lasts, and that go back.',
  })
  const unclaimed = new Gauge({
    ...{ registers, name: 'pod_eip_unclaimed_addresses', labelNames: ['what'] as const },
    help: 'EIPs with the tag of this cluster that no claim has: those that wait for the end of the grace, and those that are left alone.',
  })
  const unbelieved = new Gauge({
    ...{ registers, name: 'pod_eip_unbelieved_addresses' },
    help: 'EIPs of claims that the cloud did not show, too many at once to be believed: an operator has to look.',
  })
  return {
    made({ orphans: waiting, leftAlone, unbelieved: gone = 0 }, atMs) {
      surveys.inc({ outcome: 'made' })
      lastAt.set(atMs / 1000)
      unclaimed.set({ what: 'waiting' }, waiting)
      unclaimed.set({ what: 'left alone' }, leftAlone)
      unbelieved.set(gone)
    },
    failed: () => surveys.inc({ outcome: 'failed' }),
    drifted: (kind) => drifts.inc({ kind }),
    orphansFound: (count) => orphans.inc(count),
  }
}
