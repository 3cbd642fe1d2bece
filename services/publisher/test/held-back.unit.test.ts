import { pods } from '@pod-eip/kube'
import { logProblem } from '@pod-eip/read-models'
import { seededIds, seededRandom, silentLogger } from '@pod-eip/runtime'
import { createInMemoryCluster, createKubeStore } from '@pod-eip/simulators/kube'
import { createVirtualClock } from '@pod-eip/simulators/virtual-clock'
import { expect, test } from 'vitest'
import { heldBack } from '../src/held-back.ts'

const pod = {
  metadata: { name: 'a', namespace: 'default' },
  spec: { containers: [{ name: 'm', image: 'i' }] },
}

function open() {
  const clock = createVirtualClock(Date.parse('2026-01-01T00:00:00Z'))
  const kube = createKubeStore({ clock, ids: seededIds(seededRandom(1)) })
  const log = { problem: 'The event log went back.' }
  const end = new AbortController()
  const watch = { problem: async () => log.problem }
  const older = logProblem({ watch, clock, logger: silentLogger })
  const cluster = heldBack(createInMemoryCluster({ store: kube, clock }), () => older.gone(end.signal))
  return { clock, log, older, cluster, end }
}

test('nothing is written that would cover what proves whose each EIP is, until the log is recovered', async () => {
  const { clock, log, older, cluster } = open()
  const written = cluster.create(pods, pod)
  await clock.runUntil(clock.now() + 60_000)
  expect((await cluster.list(pods)).items).toEqual([])
  expect(older.seen()).toBe('The event log went back.')
  log.problem = ''
  await clock.runUntil(clock.now() + 2_000)
  await written
  expect((await cluster.list(pods)).items).toHaveLength(1)
  expect(older.seen()).toBe('')
})

test('who is ended meanwhile writes nothing any more', async () => {
  const { clock, log, cluster, end } = open()
  const written = cluster.create(pods, pod).catch((error: unknown) => error)
  await clock.runUntil(clock.now() + 1_000)
  end.abort()
  log.problem = ''
  await clock.runUntil(clock.now() + 2_000)
  expect(await written).toBeInstanceOf(Error)
  expect((await cluster.list(pods)).items).toEqual([])
})
