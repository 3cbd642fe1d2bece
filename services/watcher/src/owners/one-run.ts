import type { ObjectRef } from '@pod-eip/domain'
import { groupOf } from '../project/object-meta.ts'

/**
 * Workloads that are one run each, by group and kind. What makes them, such as a CronJob or an Agones Fleet, gives
 * each another name, and so do they to their Pods: once one is deleted, no Pod of its names comes back.
 */
const oneRunKinds = new Set(['batch/Job', 'apps.kruise.io/BroadcastJob', 'agones.dev/GameServer'])

/**
 * Whether a claim belongs to this workload and not to what is above it: EIPs that nobody can take back would be
 * kept for as long as runs are made.
 */
export function isOneRun({ apiVersion, kind }: Pick<ObjectRef, 'apiVersion' | 'kind'>): boolean {
  return oneRunKinds.has(`${groupOf(apiVersion)}/${kind}`)
}
