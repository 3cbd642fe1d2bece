import { namespaces } from '@pod-eip/kube'
import { silentLogger, systemClock } from '@pod-eip/runtime'
import { expect, test, vi } from 'vitest'
import { createWatcher } from '../src/index.ts'
import { inMemory, scene, waiting } from './testing/scene.ts'

test('a watcher that finds another cluster than the log knows records nothing, says so and is not ready', async () => {
  const memory = inMemory()
  const it = scene(memory)
  it.pod('web-0')
  await it.start()
  await vi.waitFor(async () => expect(await it.recorded()).toContain('PodObserved default/web-0'), waiting)
  const head = await memory.log.head()

  const other = scene(memory)
  const uid = 'another-uid'
  const cluster = {
    ...other.cluster,
    get: async (...args: Parameters<typeof other.cluster.get>) => {
      const object = await other.cluster.get(...args)
      return args[0] === namespaces && object ? { ...object, metadata: { ...object.metadata, uid } } : object
    },
  }
  const watcher = createWatcher({
    ...{ cluster, log: memory.log, checkpoints: memory.log.checkpoints, readModels: memory.readModels },
    ...{ clock: systemClock, random: { next: () => 0.5 }, logger: silentLogger },
    settings: { annotationDomain: 'tke.cloud.tencent.com' },
  })
  const end = new AbortController()
  const run = watcher.run(end.signal)
  await vi.waitFor(() => expect(watcher.health().problem).not.toBe(''), waiting)

  expect(watcher.health()).toMatchObject({ live: true, ready: false })
  expect(watcher.health().problem).toMatch(
    /^This is not the cluster that the event log is about: namespace kube-system has uid another-uid, and .+ in event 1; nothing is recorded or written, so look at KUBECONFIG/,
  )
  expect(await memory.log.head()).toBe(head)
  end.abort()
  await run
  await it.stopAll()
})

test('the cluster is recorded once, by whoever asks first', async () => {
  const memory = inMemory()
  const it = scene(memory)
  const { stop } = await it.start()
  await stop()
  await it.start()
  const events = await memory.log.read({ after: 0, limit: 100, types: ['ClusterIdentified'] })
  expect(events.map((event) => event.data)).toEqual([
    { clusterUid: it.store.get(namespaces, null, 'kube-system').metadata.uid },
  ])
  await it.stopAll()
})
