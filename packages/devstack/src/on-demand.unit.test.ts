import { afterEach, expect, test } from 'vitest'
import { askOnDemand, type OnDemand, serveOnDemand } from './on-demand.ts'

let onDemand: OnDemand | undefined
afterEach(() => onDemand?.stop())

test('what is asked for is started once, and stopped at the end', async () => {
  let [starts, stops] = [0, 0]
  onDemand = await serveOnDemand({
    store: async () => {
      starts += 1
      const stop = async () => {
        stops += 1
      }
      return { answer: 'redis://here', stop }
    },
  })
  const answers = await Promise.all([1, 2, 3].map(() => askOnDemand(onDemand!.url, 'store')))
  expect(answers).toEqual(['redis://here', 'redis://here', 'redis://here'])
  await onDemand.stop()
  expect([starts, stops]).toEqual([1, 1])
})

test('whoever asks is told why something does not start', async () => {
  onDemand = await serveOnDemand({ store: () => Promise.reject(new Error('no room on the disk')) })
  await expect(askOnDemand(onDemand.url, 'store')).rejects.toThrow('no room on the disk')
})

test('a connection serves one question: nobody asks again on one that is about to be closed', async () => {
  onDemand = await serveOnDemand({ store: async () => ({ answer: 'here', stop: async () => {} }) })
  const answer = await fetch(`${onDemand.url}/store`)
  expect([await answer.text(), answer.headers.get('connection')]).toEqual(['here', 'close'])
})
