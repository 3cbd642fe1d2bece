import type { Fault } from './fault.ts'

/** Jobs of the queue are lost, doubled or late. */
export const queueMessages: Fault = {
  name: 'queue messages',
  inStory({ random, stormy, count }) {
    const probability = random.next() < 0.6 ? random.next() * 0.15 : 0
    return {
      jobFate() {
        if (!stormy() || random.next() >= probability) return { kind: 'handled' }
        const kinds = [
          { kind: 'lost' },
          { kind: 'doubled' },
          { kind: 'late', ms: random.next() * 20_000 },
        ] as const
        const fate = kinds[Math.floor(random.next() * kinds.length)]!
        count(`job ${fate.kind}`)
        return fate
      },
    }
  },
}
