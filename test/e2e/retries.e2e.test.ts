import { documentedRateLimits } from '@pod-eip/cloud'
import { beforeAll, expect, it } from 'vitest'
import { podManifest } from './harness/manifests.ts'
import { onEveryCluster } from './harness/stage.ts'

/** Room for 36 EIPs. */
const cpus = [48, 48, 48, 48]
const names = (stem: string, count: number) => Array.from({ length: count }, (_, index) => `${stem}-${index}`)

onEveryCluster('a cloud that fails', { cpus }, (stage) => {
  // Two of them, that share one limit.
  beforeAll(() => stage.services.start('worker'))

  const phases = async (stem: string) =>
    (await stage.eipClaims())
      .filter(({ metadata }) => metadata.name.startsWith(`${stem}-`))
      .map(({ status }) => status?.phase)

  it('is called no faster than it documents, by all workers together', async () => {
    // A backlog first, so that nothing but the limit holds the workers back.
    const count = 30
    const onceReady = { nodeSelector: { stage: 'ready' } }
    await stage.kubectl.apply(...names('many', count).map((name) => podManifest(name, onceReady)))
    const allAre = async (phase: string) => {
      await stage.eventually(async () => expect(await phases('many')).toEqual(Array(count).fill(phase)), 100)
    }
    await allAre('Allocated')
    await stage.services.kill('worker')
    await stage.kubectl('label', 'nodes', '--all', 'stage=ready')
    await allAre('Binding')
    await stage.services.start('worker', 'worker')
    await allAre('Bound')

    for (const [action, limit] of Object.entries(documentedRateLimits)) {
      const times = stage.cloud.calls.filter((call) => call.action === action).map(({ at }) => at)
      // What leaves evenly spaced arrives in bunches on a busy machine: calls of a longer time, at once.
      const windowMs = 2_000
      const most = (limit * (windowMs + stage.cloud.longestDelayMs())) / 1_000
      expect({ action, most, within: busiest(times, windowMs) <= most }).toEqual({
        action,
        most,
        within: true,
      })
    }
    const associated = stage.cloud.calls.filter(({ action }) => action === 'AssociateAddress')
    expect(associated.length).toBeGreaterThanOrEqual(count)
  })

  it('is asked again after throttling, server errors and lost answers, and nothing is done twice', async () => {
    await stage.kubectl('delete', 'pod', '--wait=false', ...names('many', 30))
    await stage.eventually(() => expect(stage.cloud.region.addresses()).toEqual([]), 100)
    const [allocationsBefore, callsBefore] = [allocations(), stage.cloud.calls.length]

    const { faults } = stage.cloud.simulator
    const endure = async (count: number) => {
      await stage.kubectl.apply(...names('hard', count).map((name) => podManifest(name)))
      await stage.eventually(async () => {
        expect(await phases('hard')).toEqual(Array(count).fill('Bound'))
        expect(faults.list()).toEqual([])
      }, 100)
    }
    faults.add({ kind: 'error', code: 'RequestLimitExceeded', action: 'AssociateAddress', count: 3 })
    faults.add({ kind: 'error', code: 'InternalError', action: 'DescribeNetworkInterfaces', count: 1 })
    faults.add({ kind: 'http-error', status: 502, action: 'AllocateAddresses', count: 1 })
    await endure(3)
    faults.add({ kind: 'lost-answer', action: 'AllocateAddresses', count: 1 })
    faults.add({ kind: 'http-error', status: 504, carriedOut: true, action: 'AssociateAddress', count: 1 })
    faults.add({ kind: 'lost-request', action: 'DescribeAddresses', count: 1 })
    await endure(6)

    expect(allocations() - allocationsBefore).toBe(6)
    expect(stage.cloud.region.addresses()).toHaveLength(6)

    // Six bindings, and one call more for each that was throttled.
    const asked = stage.cloud.calls.slice(callsBefore).filter(({ action }) => action === 'AssociateAddress')
    expect(asked.length).toBeGreaterThanOrEqual(9)
  })

  it('and not asked again when it says no: the claim tells why, in its words, with the RequestId', async () => {
    const message = 'The bandwidth is out of the range of this region.'
    const code = 'InvalidParameterValue.BandwidthOutOfRange'
    stage.cloud.simulator.faults.add({ kind: 'error', code, message, action: 'AllocateAddresses', count: 1 })
    await stage.kubectl.apply(podManifest('refused'))

    await stage.eventually(async () => {
      const condition = await stage.condition('refused', 'Allocated')
      expect(condition).toMatchObject({ status: 'False', reason: code.replace('.', '') })
      expect(condition.message).toContain(message)
      expect(condition.message).toMatch(/RequestId [0-9a-f-]{36}/)
      expect(await stage.kubeEvents('refused')).toContain('Pod Warning FailedAllocateEIP')
    })
    const [claim] = (await stage.claims()).filter(({ key }) => key === 'default/refused')
    expect(claim?.intent).toBeNull()
    const told = (await stage.logged('default/refused')).map(({ type }) => type)
    expect(told.filter((type) => type === 'AllocationDecided')).toHaveLength(1)
    expect(told).toContain('AllocationFailed')
  })

  it('the log tells it all again, record by record', async () => {
    await stage.eventually(async () => {
      const { stdout, exitCode } = await stage.eipctl('replay')
      expect({ stdout, exitCode }).toMatchObject({ exitCode: 0 })
    })
  })

  function allocations(): number {
    return stage.cloud.region.ledger().filter(({ event }) => event === 'allocated').length
  }
})

/** The most calls that fall into any window of so many ms. */
function busiest(times: number[], windowMs: number): number {
  return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + windowMs).length))
}
