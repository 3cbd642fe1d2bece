import { seededIds, seededRandom, silentLogger, systemClock } from '@pod-eip/runtime'
import { createInMemoryCluster, createKubeStore } from '@pod-eip/simulators/kube'
import { expect, test, vi } from 'vitest'
import { createPublisher } from '../src/index.ts'
import { setStage } from './scenarios/stage.ts'

test('a publisher that finds another cluster than the log is about writes nothing, says so and is not ready', async () => {
  const kube = createKubeStore({ clock: systemClock, ids: seededIds(seededRandom(1)) })
  const cluster = createInMemoryCluster({ store: kube, clock: systemClock })
  const { log, readModels, happen } = setStage(cluster, systemClock)
  await happen('ClusterIdentified', { clusterUid: 'uid-of-the-log' })
  const version = kube.resourceVersion()
  const publisher = createPublisher({
    ...{ cluster, log, checkpoints: log.checkpoints, readModels },
    ...{ clock: systemClock, random: seededRandom(2), logger: silentLogger },
    settings: {
      annotationDomain: 'tke.cloud.tencent.com',
      qps: 50,
      burst: 100,
      concurrency: 4,
      cascade: false,
      masqAgentConfig: null,
    },
  })
  const end = new AbortController()
  const run = publisher.run(end.signal)
  await vi.waitFor(() => expect(publisher.health().problem).not.toBe(''), { timeout: 20_000 })

  expect(publisher.health()).toMatchObject({ live: true, ready: false })
  expect(publisher.health().problem).toContain('This is not the cluster that the event log is about')
  expect(publisher.health().problem).toContain('uid-of-the-log in event 1')
  expect(kube.resourceVersion()).toBe(version)
  end.abort()
  await run
})
