import { podColumns } from '../columns/pod-columns.ts'
import { define } from '../define.ts'
import { object } from '../schema/build.ts'
import { ephemeralContainers } from './ephemeral-containers.ts'
import { podRules } from './pod-rules.ts'
import { podSpec } from './pod-spec.ts'
import { podStatus } from './pod-status.ts'

export const pods = define({
  version: 'v1',
  plural: 'pods',
  columns: podColumns,
  kind: 'Pod',
  namespaced: true,
  shortNames: ['po'],
  categories: ['all'],
  status: true,
  generation: true,
  schema: object({ spec: podSpec, status: podStatus }, 'Containers that run together on one Node.', ['spec']),
  parts: { ephemeralcontainers: ephemeralContainers },
  rules: podRules,
})
