import { describe, expect, it } from 'vitest'
import { openSimulator } from '../open-simulator.fixture.ts'

describe('faults', () => {
  it('strike as often as they should', () => {
    const { simulator } = openSimulator()
    simulator.faults.add({ kind: 'error', code: 'InternalError', action: 'DescribeAddresses', count: 2 })
    const struck = () => simulator.drawFate('DescribeAddresses').error !== null
    expect(simulator.drawFate('ReleaseAddresses').error).toBeNull()
    expect([struck(), struck(), struck()]).toEqual([true, true, false])
    simulator.faults.add({ kind: 'lost-answer', probability: 0.25 })
    const lost = Array.from({ length: 1000 }, () => simulator.drawFate('ReleaseAddresses').delivery.kind)
    const share = lost.filter((kind) => kind === 'lost').length / 1000
    expect(share).toBeGreaterThan(0.2)
    expect(share).toBeLessThan(0.3)
  })

  it('can be switched off one by one', () => {
    const { simulator } = openSimulator()
    const { id } = simulator.faults.add({ kind: 'latency', ms: 5 })
    expect(simulator.drawFate('x').delayBeforeMs).toBe(5)
    expect(simulator.faults.remove(id)).toBe(true)
    expect(simulator.faults.remove(id)).toBe(false)
    expect(simulator.drawFate('x').delayBeforeMs).toBe(0)
  })
})
