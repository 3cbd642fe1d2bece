import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest'
import type { ApiUnderTest } from './api-under-test.ts'
import { gaps } from './gaps.ts'
import { type NetworkScene, setNetworkScene } from './network-scene.ts'
import { brokenStreams } from './streams.ts'
import { unwillingServers } from './unwilling-servers.ts'

/** What the network, and what stands in it, does to a watcher. After each of it the log has what it should, once. */
export function watcherOverNetwork(name: string, open: () => Promise<ApiUnderTest>): void {
  describe(`a watcher over the network, ${name}`, () => {
    // Its fields are there when a test runs.
    const it = {} as NetworkScene
    let api: ApiUnderTest

    beforeAll(async () => {
      api = await open()
    })
    afterAll(() => api?.stop())
    beforeEach(async () => {
      Object.assign(it, await setNetworkScene(api))
    })
    afterEach(() => it.close())

    brokenStreams(it)
    unwillingServers(it)
    gaps(it)
  })
}
