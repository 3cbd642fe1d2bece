import { type Claim, emptyClaim, type NatRoute } from '@pod-eip/domain'
import { expect, test } from 'vitest'
import { egressFindings } from '../src/doctor/check-egress.ts'

const bound = (name: string, routeTableId?: string, natRoutes: NatRoute[] = []): Claim => ({
  ...emptyClaim(`ns/${name}`),
  phase: 'Bound',
  egress: routeTableId === undefined ? null : { subnetId: 's', routeTableId, natRoutes, since: '' },
})
const all = [{ natGatewayId: 'nat-1', destination: '0.0.0.0/0' }]

test('without a NAT gateway all is well, whoever was freed of one', () => {
  expect(egressFindings([bound('a'), bound('b', 'rtb-1')])).toEqual([
    {
      check: 'egress',
      state: 'ok',
      says: 'No NAT gateway was seen to come before the EIPs of the 2 bound claims.',
    },
  ])
})

test('each route table that leads to one is a warning, with how many Pods it is about', () => {
  const claims = [bound('a', 'rtb-1', all), bound('b', 'rtb-2', all), bound('c', 'rtb-1', all), bound('d')]
  expect(egressFindings(claims).map(({ state, says }) => [state, says])).toEqual([
    [
      'warn',
      'What 2 Pods, such as ns/a, send leaves by a NAT gateway and not by the EIP, because route table rtb-1 says so (0.0.0.0/0 to nat-1); give the subnet a route table without that route.',
    ],
    ['warn', expect.stringMatching(/^What Pod ns\/b sends leaves by a NAT gateway/)],
  ])
})

test('a claim that is not bound says nothing', () => {
  expect(egressFindings([{ ...bound('a', 'rtb-1', all), phase: 'Retained' }])[0]!.state).toBe('ok')
})
