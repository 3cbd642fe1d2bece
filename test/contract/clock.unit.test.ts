import { systemClock } from '@pod-eip/runtime'
import { createVirtualClock } from '@pod-eip/simulators/virtual-clock'
import { describe } from 'vitest'
import { clockContract } from './clock.contract.ts'

describe('the clock of the system', () => {
  clockContract(() => ({ clock: systemClock, pass: (ms) => systemClock.sleep(ms) }))
})

describe('the virtual clock', () => {
  clockContract(() => {
    const clock = createVirtualClock(1_000_000)
    return { clock, pass: (ms) => clock.runUntil(clock.now() + ms) }
  })
})
