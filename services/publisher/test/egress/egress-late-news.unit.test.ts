import { addressesWithoutEntry } from '@pod-eip/domain'
import { describe, expect, test } from 'vitest'
import { reset, setStage, target } from './testing/egress-stage.ts'

type Stage = Awaited<ReturnType<typeof setStage>>

/** Addresses that one write had an entry for, and a later one has not. */
function lost(stage: Stage, addresses: string[]): string[] {
  const lists = stage.writes.map(({ config }): string[] => JSON.parse(config!).NonMasqueradeSrcCIDRs)
  return addresses.filter((address) => {
    const has = lists.map((list) => addressesWithoutEntry([address], list).length === 0)
    return has.includes(false, has.indexOf(true))
  })
}

describe('what is heard late', () => {
  test('undoes nothing: no Pod loses its entry, and nobody is blamed', async () => {
    const stage = await setStage()
    stage.publish(target, stage.late(8_000))
    await stage.tick(10)
    const live = Array.from({ length: 40 }, (_, n) => `10.0.${n}.4`)
    for (const [n, ip] of live.entries()) {
      stage.bind(`p${n}`, ip)
      await stage.tick(1.5)
    }
    await stage.tick(20)
    expect(lost(stage, live)).toEqual([])
    expect(addressesWithoutEntry(live, await stage.list())).toEqual([])
    // Who writes on what is older is refused, and has to look again.
    expect(stage.asked).toEqual(['list configmaps'])
    expect(await stage.told()).toEqual([])
  })

  test('is still told and put right when somebody did take entries out', async () => {
    const stage = await setStage()
    stage.publish(target, stage.late(8_000))
    stage.bind('a', '10.0.0.4')
    await stage.tick(10)
    await stage.edit(reset)
    stage.bind('b', '10.0.0.8')
    await stage.tick(20)
    expect(await stage.list()).toEqual(['172.16.9.2/32', '10.0.0.4/32', '10.0.0.8/32'])
    expect(await stage.told()).toEqual([
      { reason: 'EgressEntriesTaken', message: expect.stringMatching(/^kubectl-edit took out/) },
    ])
  })
})

test('what is to rest after it was taken out stays where another publisher has put it back', async () => {
  const stage = await setStage()
  stage.publish()
  stage.bind('a', '10.0.0.4')
  await stage.tick(10)
  const { data, metadata } = await stage.shown()
  const whole = { data: { config: data.config }, metadata: { annotations: metadata.annotations } }
  // The last rest is one of half a minute.
  for (let resets = 0; resets < 7; ) {
    if ((await stage.list()).length > 1) {
      await stage.edit(reset)
      resets += 1
    }
    await stage.tick(1)
  }
  await stage.tick(8)
  expect(await stage.list()).toHaveLength(1)
  await stage.edit(whole)
  stage.writes.length = 0
  stage.bind('b', '10.0.0.8')
  await stage.tick(10)
  expect(stage.writes).toHaveLength(1)
  expect(await stage.list()).toEqual(['172.16.9.2/32', '10.0.0.4/32', '10.0.0.8/32'])
})

describe('of two publishers', () => {
  test('the one that is behind the log takes nothing out for Pods that it has not heard of', async () => {
    const stage = await setStage()
    const { egress: ahead } = stage.publish()
    stage.publish()
    stage.bind('a', '10.0.1.4')
    await stage.tick(10)
    const live = Array.from({ length: 20 }, (_, n) => `10.0.0.${2 * n}`)
    for (const [n, ip] of live.entries()) {
      stage.bind(`p${n}`, ip, [ahead])
      await stage.tick(6)
      // Gives both something to write.
      stage.bind('a', `10.0.1.${6 + 2 * n}`)
      await stage.tick(6)
    }
    expect(lost(stage, live)).toEqual([])
    expect(await stage.told()).toEqual([])
  })

  test('the one whose clock is ahead is not blamed for taking out early what is to go', async () => {
    const stage = await setStage()
    stage.publish()
    stage.publish(target, undefined, { ...stage.clock, now: () => stage.clock.now() + 20_000 })
    stage.bind('stays', '10.0.0.4')
    stage.bind('ends', '10.0.0.8')
    await stage.tick(10)
    stage.terminate('ends', 300)
    await stage.tick(400)
    expect(await stage.list()).toEqual(['172.16.9.2/32', '10.0.0.4/32'])
    expect(await stage.told()).toEqual([])
  })
})
