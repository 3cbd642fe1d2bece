import { createStage } from './stage.ts'

/**
 * A memory that was told a short story: games/web-0 is static and its first Pod held 203.0.113.1 from
 * 00:00:10 to 00:01:00; its second one has it since 00:02:10. default/bot asks for what cannot be, and ends.
 */
export async function tellStory() {
  const { log, models, happen, project, pod, node, cloudDoes } = createStage()
  const kept = { request: { attributes: '{}', deletePolicy: 'Never' } }
  const wrong = { request: { attributes: 'what?' } }

  await happen('00:00', 'watcher', 'NodeObserved', node('n1', 4))
  await happen('00:01', 'watcher', 'PodObserved', pod('games/web-0', 'uid-1', kept))
  await cloudDoes('00:05', 'games/web-0')
  await cloudDoes('00:10', 'games/web-0')
  const ended = { claim: 'games/web-0', podUid: 'uid-1', reason: 'Deleted' } as const
  await happen('00:50', 'watcher', 'PodEnded', ended)
  await cloudDoes('01:00', 'games/web-0')
  await happen('02:00', 'watcher', 'PodObserved', pod('games/web-0', 'uid-2', kept))
  await cloudDoes('02:10', 'games/web-0')
  await happen('03:00', 'watcher', 'PodObserved', pod('default/bot', 'uid-3', wrong))
  const over = { claim: 'default/bot', podUid: 'uid-3', reason: 'Succeeded' } as const
  await happen('04:00', 'watcher', 'PodEnded', over)

  /** Eleven Pods come, and a complete list lacks all of them. */
  async function missMany(): Promise<void> {
    const names = Array.from({ length: 11 }, (_, i) => `default/lost-${i}`)
    for (const name of names) {
      await happen('05:00', 'watcher', 'PodObserved', pod(name, `uid-${name}`))
    }
    for (const name of names) {
      const missed = { reason: 'Missed', listVersion: '1000' } as const
      await happen('06:00', 'watcher', 'PodEnded', { claim: name, podUid: `uid-${name}`, ...missed })
    }
  }
  return {
    log,
    models,
    missMany,
    /** Lets the projector do its work. */
    project: () => project('2026-01-01T01:00:00.000Z'),
    /** Another Pod that asks for what cannot be, and lives. */
    refuse: (claim: string) => happen('05:00', 'watcher', 'PodObserved', pod(claim, 'uid-9', wrong)),
    /** Another Pod whose EIP is there before it has a node. */
    async unscheduled(claim: string): Promise<void> {
      const nowhere = { node: null, privateIp: null }
      await happen('05:00', 'watcher', 'PodObserved', { ...pod(claim, 'uid-9'), ...nowhere })
      await cloudDoes('05:10', claim)
    },
  }
}
