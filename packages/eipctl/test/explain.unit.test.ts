import { beforeEach, describe, expect, test } from 'vitest'
import { runCli } from '../src/index.ts'
import { createStage } from './testing/stage.ts'
import { tellStory } from './testing/told-memory.ts'

let memory: Pick<Awaited<ReturnType<typeof tellStory>>, 'log' | 'models' | 'refuse'>
beforeEach(async () => {
  memory = await tellStory()
})

async function explain(...argv: string[]) {
  const out: string[] = []
  const err: string[] = []
  const code = await runCli(['explain', ...argv], {
    open: async () => ({ log: memory.log, readModels: memory.models, close: async () => {} }),
    environment: () => ({}),
    user: () => 'somebody',
    now: () => Date.parse('2026-01-01T01:00:00Z'),
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    signal: AbortSignal.abort(),
  })
  return { code, out: out.join('\n'), err: err.join('\n') }
}

describe('explain', () => {
  test("tells a claim's story in sentences, and how it stands", async () => {
    const { code, out } = await explain('games/web-0')
    expect(code).toBe(0)
    expect(out).toMatchInlineSnapshot(`
      "Claim games/web-0

      2. 2026-01-01T00:00:01.000Z: Pod uid-1 asked for an EIP: eip-attributes '{}', eip-claim-delete-policy 'Never'. (watcher)
      3. 2026-01-01T00:00:01.000Z, at once: The claim was opened. (projector, because of 2)
      4. 2026-01-01T00:00:01.000Z, at once: The request was understood: an EIP of 100 Mbit/s from BGP that outlives the Pod. (projector, because of 3)
      5. 2026-01-01T00:00:01.000Z, at once: An EIP of 100 Mbit/s from BGP was ordered from Tencent Cloud. (projector, because of 4)
      6. 2026-01-01T00:00:05.000Z, after 4 s: Tencent Cloud allocated EIP eip-1 (203.0.113.1), RequestId r-eip-1. (worker)
      7. 2026-01-01T00:00:05.000Z, at once: EIP eip-1 was to be bound to 10.0.0.1 on node n1. (projector, because of 6)
      8. 2026-01-01T00:00:10.000Z, after 5 s: Bound EIP eip-1 (203.0.113.1) to 10.0.0.1, which was found on network interface eni-1 of node n1, RequestId r-eip-1. (worker)
      9. 2026-01-01T00:00:50.000Z, after 40 s: Pod uid-1 ended: it was deleted. (watcher)
      10. 2026-01-01T00:00:50.000Z, at once: EIP eip-1 was to be unbound because its Pod has ended. (projector, because of 9)
      11. 2026-01-01T00:01:00.000Z, after 10 s: Unbound EIP eip-1 on node n1, after 50s, RequestId r-eip-1. (worker)
      12. 2026-01-01T00:01:00.000Z, at once: Kept EIP eip-1 (203.0.113.1) without an end for the next Pod of the same name; delete the EIPClaim to release it sooner. (projector, because of 11)
      13. 2026-01-01T00:02:00.000Z, after 1m: Pod uid-2 asked for an EIP: eip-attributes '{}', eip-claim-delete-policy 'Never'. (watcher)
      14. 2026-01-01T00:02:00.000Z, at once: The request was understood: an EIP of 100 Mbit/s from BGP that outlives the Pod. (projector, because of 13)
      15. 2026-01-01T00:02:00.000Z, at once: Took EIP eip-1 (203.0.113.1) back, which was kept for a Pod of this name. (projector, because of 14)
      16. 2026-01-01T00:02:00.000Z, at once: EIP eip-1 was to be bound to 10.0.0.1 on node n1. (projector, because of 15)
      17. 2026-01-01T00:02:10.000Z, after 10 s: Bound EIP eip-1 (203.0.113.1) to 10.0.0.1, which was found on network interface eni-1 of node n1, RequestId r-eip-1. (worker)

      Now it is Bound, since 2026-01-01T00:02:10.000Z (57m50s): the Pod has its EIP.
      Next: it stays until the Pod ends."
    `)
  })

  test('of a claim that waits: why, and what to do', async () => {
    await memory.refuse('default/bot')
    expect((await explain('bot')).out).toMatchInlineSnapshot(`
      "Claim default/bot

      18. 2026-01-01T00:03:00.000Z: Pod uid-3 asked for an EIP: eip-attributes 'what?'. (watcher)
      19. 2026-01-01T00:03:00.000Z, at once: The claim was opened. (projector, because of 18)
      20. 2026-01-01T00:03:00.000Z, at once: The request was refused, and nothing is asked of the cloud for it: annotation eip-attributes is not JSON: "what?"; write it like {"Bandwidth":"100","ISP":"BGP"}. (projector, because of 19)
      21. 2026-01-01T00:04:00.000Z, after 1m: Pod uid-3 ended: it had done its work. (watcher)
      22. 2026-01-01T00:04:00.000Z, at once: The claim was closed because its Pod has ended. (projector, because of 21)
      23. 2026-01-01T00:05:00.000Z, after 1m: Pod uid-9 asked for an EIP: eip-attributes 'what?'. (watcher)
      24. 2026-01-01T00:05:00.000Z, at once: The claim was opened again, for its EIP number 2. (projector, because of 23)
      25. 2026-01-01T00:05:00.000Z, at once: The request was refused, and nothing is asked of the cloud for it: annotation eip-attributes is not JSON: "what?"; write it like {"Bandwidth":"100","ISP":"BGP"}. (projector, because of 24)

      Now it is Pending, since 2026-01-01T00:05:00.000Z (55m): the claim is open and has no EIP.
      Annotation eip-attributes is not JSON: "what?"; write it like {"Bandwidth":"100","ISP":"BGP"}.
      Next: an EIP is asked for, once the annotations and the cloud allow it."
    `)
  })

  test('of a claim that was never opened: no time since when', async () => {
    const { happen, pod, log, models } = createStage()
    memory = { ...memory, log, models }
    await happen('00:01', 'watcher', 'PodObserved', { ...pod('ns/a', 'uid-a'), terminating: true })
    await happen('00:02', 'watcher', 'PodEnded', { claim: 'ns/a', podUid: 'uid-a', reason: 'Deleted' })
    expect((await models.claim('ns/a'))?.phaseSince).toBe('')
    const { out } = await explain('ns/a')
    expect(out).toContain('\nNow it is Released: the claim is closed')
    expect(JSON.parse((await explain('ns/a', '--json')).out).now).toMatchObject({ since: '', forMs: 0 })
  })

  test('by EIP and by address', async () => {
    const whole = (await explain('games/web-0')).out
    expect((await explain('eip-1')).out).toBe(whole)
    expect((await explain('203.0.113.1')).out).toBe(whole)
  })

  test('of a claim that waited for a slot: who was in the way, and who left', async () => {
    const stage = createStage()
    const { happen, pod, node, cloudDoes, log, models } = stage
    memory = { ...memory, log, models }
    await happen('00:00', 'watcher', 'NodeObserved', node('n1', 4))
    await happen('00:01', 'watcher', 'PodObserved', pod('ns/a', 'uid-a'))
    await cloudDoes('00:02', 'ns/a')
    await cloudDoes('00:03', 'ns/a')
    await happen('00:10', 'watcher', 'PodObserved', pod('ns/b', 'uid-b', { privateIp: '10.0.0.2' }))
    await cloudDoes('00:12', 'ns/b', 'eip-2')
    expect((await explain('ns/b')).out).toContain(
      '\nAt this moment the EIP slots of node n1 are with ns/a; it is number 1 of 1 in the queue.\n',
    )
    await happen('00:20', 'watcher', 'PodEnded', { claim: 'ns/a', podUid: 'uid-a', reason: 'Deleted' })
    await cloudDoes('00:22', 'ns/a')
    await cloudDoes('00:24', 'ns/b')
    const { out } = await explain('ns/b')
    expect(out).toMatchInlineSnapshot(`
      "Claim ns/b

      9. 2026-01-01T00:00:10.000Z: Pod uid-b asked for an EIP: eip-attributes '{}'. (watcher)
      10. 2026-01-01T00:00:10.000Z, at once: The claim was opened. (projector, because of 9)
      11. 2026-01-01T00:00:10.000Z, at once: The request was understood: an EIP of 100 Mbit/s from BGP that is released when the Pod ends. (projector, because of 10)
      12. 2026-01-01T00:00:10.000Z, at once: An EIP of 100 Mbit/s from BGP was ordered from Tencent Cloud. (projector, because of 11)
      13. 2026-01-01T00:00:12.000Z, after 2 s: Tencent Cloud allocated EIP eip-2 (203.0.113.2), RequestId r-eip-2. (worker)
      14. 2026-01-01T00:00:12.000Z, at once: Node n1 has no free EIP slot: its CVM may have 1 EIP beside its own public address; when this was told it had those of ns/a; the claim goes on when one is freed, or move the Pod to another node. (projector, because of 13)
      17. 2026-01-01T00:00:22.000Z, after 10 s: Elsewhere, claim ns/a: Unbound EIP eip-1 on node n1, RequestId r-eip-1. (worker)
      19. 2026-01-01T00:00:22.000Z, at once: Node n1 had a free EIP slot for the claim, which had waited for one: EIP eip-2 was to be bound to 10.0.0.2 on node n1. (projector, because of 17)
      20. 2026-01-01T00:00:24.000Z, after 2 s: Bound EIP eip-2 (203.0.113.2) to 10.0.0.2, which was found on network interface eni-1 of node n1, RequestId r-eip-1. (worker)

      Now it is Bound, since 2026-01-01T00:00:24.000Z (59m36s): the Pod has its EIP.
      Next: it stays until the Pod ends."
    `)
    expect(citedButMissing(out)).toEqual([])
  })

  test("of a claim that went with its workload: the workload's end", async () => {
    const { happen, pod, node, cloudDoes, log, models } = createStage({ claimExpiredMs: null, cascade: true })
    memory = { ...memory, log, models }
    const owner = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'web', uid: 'sts-1' }
    const request = { attributes: '{}', deletePolicy: 'Never' }
    await happen('00:00', 'watcher', 'NodeObserved', node('n1', 4))
    await happen('00:01', 'watcher', 'PodObserved', pod('ns/web-0', 'uid-a', { owner, request }))
    await cloudDoes('00:02', 'ns/web-0')
    await cloudDoes('00:03', 'ns/web-0')
    await happen('00:10', 'watcher', 'PodEnded', { claim: 'ns/web-0', podUid: 'uid-a', reason: 'Deleted' })
    await cloudDoes('00:11', 'ns/web-0')
    await happen('00:20', 'watcher', 'OwnerEnded', { owner, namespace: 'ns', reason: 'Deleted' })
    await cloudDoes('00:25', 'ns/web-0')
    const { out } = await explain('ns/web-0')
    expect(out.slice(out.indexOf('00:20'))).toMatchInlineSnapshot(`
      "00:20.000Z, after 9 s: StatefulSet web, the workload of the Pod, was deleted; with cascade reclaim (--enable-ownerref) a kept EIP goes with it. (watcher)
      14. 2026-01-01T00:00:20.000Z, at once: EIP eip-1 (203.0.113.1) was to be released because its Pod's workload was deleted. (projector, because of 13)
      15. 2026-01-01T00:00:25.000Z, after 5 s: Released EIP eip-1, RequestId r-eip-1. (worker)
      16. 2026-01-01T00:00:25.000Z, at once: The claim was closed because its Pod's workload was deleted. (projector, because of 15)

      Now it is Released, since 2026-01-01T00:00:25.000Z (59m35s): the claim is closed and has no EIP.
      The claim is closed because its Pod's workload was deleted; a new Pod named web-0 opens it again.
      Next: a new Pod of the same name opens it again."
    `)
    expect(citedButMissing(out)).toEqual([])
  })

  test('a Pod that waits for what the Pod of its name before it had', async () => {
    const { happen, pod, node, cloudDoes, log, models } = createStage()
    memory = { ...memory, log, models }
    await happen('00:00', 'watcher', 'NodeObserved', node('n1', 4))
    await happen('00:01', 'watcher', 'PodObserved', pod('ns/web-0', 'uid-a'))
    await cloudDoes('00:02', 'ns/web-0')
    await happen('00:10', 'watcher', 'PodObserved', pod('ns/web-0', 'uid-b'))
    const { out } = await explain('ns/web-0')
    expect(out).toContain(
      "Pod uid-b asked for an EIP: eip-attributes '{}'. Pod web-0 gets an EIP once EIP eip-1 (203.0.113.1) of its predecessor is unbound from 10.0.0.1 on node n1 and released.",
    )
    expect(out).toMatch(
      /\nPod web-0 gets an EIP once .* is released, after it is settled .* to 10\.0\.0\.1 on node n1, which was called off\.\n/,
    )
  })

  test('a listed EIP: how it was looked up, and by the EIP itself', async () => {
    const { happen, pod, cloudDoes, log, models } = createStage()
    memory = { ...memory, log, models }
    const request = { idList: 'eip-7777' }
    await happen(
      '00:01',
      'watcher',
      'PodObserved',
      pod('ns/web-0', 'uid-a', { request, node: null, privateIp: null }),
    )
    await cloudDoes('00:02', 'ns/web-0')
    await happen(
      '00:03',
      'watcher',
      'PodObserved',
      pod('ns/web-1', 'uid-b', { request, node: null, privateIp: null }),
    )
    const { out } = await explain('eip-7777')
    expect(out).toMatch(/^Claim ns\/web-0\n/)
    expect(out).toContain(": Tencent Cloud was to be asked about eip-7777 of the Pod's list")
    expect(out).toContain(': The look-up showed: EIP eip-7777 (198.51.100.1) is bound to nothing.')
  })

  test('clocks that differ never show a step before its cause, and what came late says so', async () => {
    const { happen, pod, node, log, models } = createStage()
    memory = { ...memory, log, models }
    await happen('00:00', 'watcher', 'NodeObserved', node('n1', 4))
    await happen('00:01', 'watcher', 'PodObserved', pod('ns/a', 'uid-a'))
    const { id: intentId } = models.world.claims.get('ns/a')!.intent!
    const addresses = [{ addressId: 'eip-1', publicIp: '203.0.113.1' }]
    const allocated = {
      claim: 'ns/a',
      generation: 1,
      intentId,
      allocationId: intentId,
      addresses,
      requestId: '',
    }
    await happen('00:01.100', 'worker', 'AllocationCompleted', allocated, '00:00.990')
    const ended = { claim: 'ns/a', podUid: 'uid-a', reason: 'Failed' } as const
    await happen('05:00', 'watcher', 'PodEnded', ended, '00:30')
    const { story } = JSON.parse((await explain('ns/a', '--json')).out) as { story: { at: string }[] }
    expect(story.map(({ at }) => at)).toEqual(story.map(({ at }) => at).sort())
    expect(
      story.find((line) => 'seenAt' in line && line.seenAt === '2026-01-01T00:00:00.990Z'),
    ).toMatchObject({
      at: '2026-01-01T00:00:01.000Z',
      afterMs: 0,
      sentence: expect.stringContaining('found by the tag of the allocation since no answer came'),
    })
    const { out } = await explain('ns/a')
    expect(out).toContain(
      '00:30.000Z, after 28.9 s: Pod uid-a ended: it failed. (watcher, recorded 4m30s later)',
    )
    expect(out).toContain('EIP eip-1 was to')
  })

  test('as JSON', async () => {
    const { story, now } = JSON.parse((await explain('games/web-0', '--json')).out)
    expect(story[1]).toMatchObject({ position: 3, who: 'projector', becauseOf: 2, afterMs: 0 })
    expect(now).toMatchObject({ phase: 'Bound', ready: true, eip: 'eip-1', forMs: 3_470_000 })
  })

  test('of a name in several namespaces: which', async () => {
    await memory.refuse('games/bot')
    const { code, err } = await explain('bot')
    expect(code).toBe(2)
    expect(err).toBe('eipctl: "bot" is in several namespaces: say default/bot or games/bot')
  })

  test.each(['games/nobody', 'nobody', 'eip-9', '198.51.100.1'])('of %s: nothing is known', async (name) => {
    const { code, out, err } = await explain(name)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toBe(`eipctl: nothing is known of ${JSON.stringify(name)}; see eipctl claims --all`)
  })
})

/** Positions that a story names as causes without showing them. */
function citedButMissing(out: string): string[] {
  const shown = new Set(Array.from(out.matchAll(/^(\d+)\. /gm), ([, position]) => position!))
  return Array.from(out.matchAll(/because of (\d+)/g), ([, cited]) => cited!).filter((p) => !shown.has(p))
}
