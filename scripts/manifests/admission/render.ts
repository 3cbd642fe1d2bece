import { stringify } from 'yaml'
import type { Variable } from './cel.ts'
import { refusalVariables } from './refusal.ts'
import { slotVariables } from './slot.ts'

const head = '# Written by `npm run manifests` from the rules of packages/domain: change those instead.\n'

/** The variables of both admission policies as files of the chart, by path. */
export function renderAdmissionFiles(): Map<string, string> {
  return new Map([
    ['infra/helm/pod-eip/files/admission/refusal.yaml', fileOf(refusalVariables)],
    ['infra/helm/pod-eip/files/admission/slot.yaml', fileOf(slotVariables)],
  ])
}

function fileOf(variables: Variable[]): string {
  return head + stringify(variables, { lineWidth: 0 })
}
