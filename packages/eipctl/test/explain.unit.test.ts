import { beforeEach, describe, expect, test } from 'vitest'
import { runCli } from '../src/index.ts'
import { tellStory } from './testing/told-memory.ts'

let memory: Awaited<ReturnType<typeof tellStory>>
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

      2. 2026-01-01T00:00:01.000Z: Pod uid-1 asked for an EIP: eip-attributes "{}", eip-claim-delete-policy "Never". (watcher)
      3. 2026-01-01T00:00:01.000Z, at once: The claim was opened. (projector, because of 2)
      4. 2026-01-01T00:00:01.000Z, at once: The request was understood: an EIP of 100 Mbit/s from BGP that outlives the Pod. (projector, because of 3)
      5. 2026-01-01T00:00:01.000Z, at once: Tencent Cloud was to allocate an EIP. (projector, because of 4)
      6. 2026-01-01T00:00:05.000Z, after 4 s: Allocated EIP eip-1 (203.0.113.1). (worker)
      7. 2026-01-01T00:00:05.000Z, at once: Tencent Cloud was to bind EIP eip-1 to 10.0.0.1 on node n1. (projector, because of 6)
      8. 2026-01-01T00:00:10.000Z, after 5 s: Bound EIP eip-1 (203.0.113.1) to 10.0.0.1 on node n1. (worker)
      9. 2026-01-01T00:00:50.000Z, after 40 s: Pod uid-1 ended: it was deleted. (watcher)
      10. 2026-01-01T00:00:50.000Z, at once: Tencent Cloud was to unbind EIP eip-1 because its Pod has ended. (projector, because of 9)
      11. 2026-01-01T00:01:00.000Z, after 10 s: Unbound EIP eip-1 on node n1. (worker)
      12. 2026-01-01T00:01:00.000Z, at once: Kept EIP eip-1 (203.0.113.1) without an end for the next Pod of the same name; delete the EIPClaim to release it sooner. (projector, because of 11)
      13. 2026-01-01T00:02:00.000Z, after 1m: Pod uid-2 asked for an EIP: eip-attributes "{}", eip-claim-delete-policy "Never". (watcher)
      14. 2026-01-01T00:02:00.000Z, at once: The request was understood: an EIP of 100 Mbit/s from BGP that outlives the Pod. (projector, because of 13)
      15. 2026-01-01T00:02:00.000Z, at once: Took EIP eip-1 (203.0.113.1) back, which was kept for a Pod of this name. (projector, because of 14)
      16. 2026-01-01T00:02:00.000Z, at once: Tencent Cloud was to bind EIP eip-1 to 10.0.0.1 on node n1. (projector, because of 15)
      17. 2026-01-01T00:02:10.000Z, after 10 s: Bound EIP eip-1 (203.0.113.1) to 10.0.0.1 on node n1. (worker)

      Now it is Bound, since 2026-01-01T00:02:10.000Z (57m50s): the Pod has its EIP.
      Next: it stays until the Pod ends."
    `)
  })

  test('of a claim that waits: why, and what to do', async () => {
    await memory.refuse('default/bot')
    expect((await explain('bot')).out).toMatchInlineSnapshot(`
      "Claim default/bot

      18. 2026-01-01T00:03:00.000Z: Pod uid-3 asked for an EIP: eip-attributes "what?". (watcher)
      19. 2026-01-01T00:03:00.000Z, at once: The claim was opened. (projector, because of 18)
      20. 2026-01-01T00:03:00.000Z, at once: Annotation eip-attributes is not JSON: "what?"; write it like {"Bandwidth":"100","ISP":"BGP"}. (projector, because of 19)
      21. 2026-01-01T00:04:00.000Z, after 1m: Pod uid-3 ended: it had done its work. (watcher)
      22. 2026-01-01T00:04:00.000Z, at once: The claim was closed because its Pod has ended. (projector, because of 21)
      23. 2026-01-01T00:05:00.000Z, after 1m: Pod uid-9 asked for an EIP: eip-attributes "what?". (watcher)
      24. 2026-01-01T00:05:00.000Z, at once: The claim was opened again. (projector, because of 23)
      25. 2026-01-01T00:05:00.000Z, at once: Annotation eip-attributes is not JSON: "what?"; write it like {"Bandwidth":"100","ISP":"BGP"}. (projector, because of 24)

      Now it is Pending, since 2026-01-01T00:05:00.000Z (55m): the claim is open and has no EIP.
      Annotation eip-attributes is not JSON: "what?"; write it like {"Bandwidth":"100","ISP":"BGP"}.
      Next: an EIP is asked for, once the annotations and the cloud allow it."
    `)
  })

  test('by EIP and by address', async () => {
    const whole = (await explain('games/web-0')).out
    expect((await explain('eip-1')).out).toBe(whole)
    expect((await explain('203.0.113.1')).out).toBe(whole)
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
