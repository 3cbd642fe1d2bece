import { cause } from '../store/api-error.ts'
import { leaseColumns } from './columns/core-columns.ts'
import { define } from './define.ts'
import { integer, microTime, object, text } from './schema/build.ts'

export const leases = define({
  group: 'coordination.k8s.io',
  version: 'v1',
  plural: 'leases',
  columns: leaseColumns,
  kind: 'Lease',
  namespaced: true,
  schema: object(
    {
      spec: object(
        {
          holderIdentity: text('Who holds it.'),
          leaseDurationSeconds: integer('How long it holds without being renewed.'),
          acquireTime: microTime('Since when it is held.'),
          renewTime: microTime('When it was renewed.'),
          leaseTransitions: integer('How often it changed hands.'),
          strategy: text('How holders are chosen.'),
          preferredHolder: text('Who should hold it.'),
        },
        'What is held.',
      ),
    },
    'A right that one of many holds at a time.',
  ),
  rules: {
    validate({ spec }) {
      const field = 'spec.leaseDurationSeconds'
      const seconds = spec?.leaseDurationSeconds
      return seconds !== undefined && seconds <= 0
        ? [cause.invalid(field, seconds, 'must be greater than 0')]
        : []
    },
  },
})
