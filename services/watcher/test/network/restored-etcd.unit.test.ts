import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type NetworkScene, setNetworkScene, stallMs, waiting } from './network-scene.ts'
import { type SimulatedApi, startSimulatedApi } from './simulated-api.ts'

let api: SimulatedApi
let it: NetworkScene

beforeEach(async () => {
  api = await startSimulatedApi()
  it = await setNetworkScene(api)
})
afterEach(async () => {
  await it.close()
  await api.stop()
})

const watches = () => it.proxy.requests.filter((request) => request === 'watch pods').length

test('an etcd restored from a backup: watches from versions yet to come are silent, and lists are read', async () => {
  await it.pod('stays')
  await it.start()
  await it.recorded('PodObserved default/stays')
  const restore = api.backUp()
  for (const name of ['lost', 'again']) await it.pod(name)
  const before = ['stays', 'lost', 'again'].map((name) => `PodObserved default/${name}`)
  await it.recorded(...before)
  const watched = watches()

  await restore()
  await vi.waitFor(() => expect(watches()).toBe(watched + 1), waiting)
  expect(it.health().resources.pods!.phase).toBe('watching')
  // Versions below what the log knows prove nothing: the cluster has to go past them.
  await it.pod('first')
  await it.pod('again')
  expect(await it.facts()).toHaveLength(before.length)
  expect(it.lists('pods')).toBe(1)

  // One silent watch may be chance.
  it.clock.jump(stallMs)
  await vi.waitFor(() => expect(watches()).toBe(watched + 2), waiting)
  expect(it.lists('pods')).toBe(1)
  it.clock.jump(stallMs)
  const since = ['PodObserved default/first', 'PodObserved default/again']
  await it.recorded(...before, ...since, 'PodEnded default/lost Missed', 'PodEnded default/again Replaced')
  expect(it.lists('pods')).toBe(2)
})
