import { staticAccess } from '@pod-eip/kube'
import { afterAll, afterEach, beforeAll, beforeEach, describe, test } from 'vitest'
import type { ApiUnderTest } from './api-under-test.ts'
import { type NetworkScene, setNetworkScene, stallMs, whatHappened } from './network-scene.ts'
import { startRealApi } from './real-api.ts'
import { type Mishap, startTcpProxy, type TcpProxy } from './tcp-proxy.ts'

describe('a watcher that speaks TLS to a real kube-apiserver', () => {
  let api: ApiUnderTest
  let it: NetworkScene
  let tcp: TcpProxy

  beforeAll(async () => {
    api = await startRealApi()
    tcp = await startTcpProxy(api.server)
  })
  afterAll(async () => {
    await tcp?.close()
    await api?.stop()
  })
  beforeEach(async () => {
    it = await setNetworkScene(api)
  })
  afterEach(() => it.close())

  test.each<Mishap>(['cut', 'half-close', 'stall'])('whose connections meet a %s', async (what) => {
    await it.start(staticAccess({ server: tcp.url, token: api.token, tls: { ca: api.ca! } }))
    const happened = tcp.mishap(what)
    await it.somethingHappens()
    await happened
    if (what === 'stall') it.clock.jump(stallMs)
    await it.recorded(...whatHappened)
  })
})
