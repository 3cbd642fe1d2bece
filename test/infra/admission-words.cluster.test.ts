import { defaultAnnotationDomain, extractPodRequest, parseClaimTerms, sentence } from '@pod-eip/domain'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type AdmittingServer, startAdmitting } from './admission/api-server.ts'
import { judged, known, type Words } from './admission/known-words.ts'
import {
  anyAttributes,
  brokenJson,
  combinations,
  expiries,
  idLists,
  plainAttributes,
} from './admission/words.ts'
import { renderAdmission } from './programs.ts'

/** What the condition of the Pod's claim would say; `null` when the request is accepted. */
function conditionOf(annotations: Record<string, string>): string | null {
  const request = extractPodRequest(annotations, defaultAnnotationDomain)
  const terms = request && parseClaimTerms(request, { name: 'asks', controllerKind: null })
  return terms && !terms.ok ? sentence(terms.message) : null
}

const inDomain = (words: Words) =>
  Object.fromEntries(
    Object.entries(words).map(([name, text]) => [`${defaultAnnotationDomain}/${name}`, text]),
  )

/** The policies of a real API server against the rules of `domain`, on the same annotations. */
describe('what is refused at kubectl apply', () => {
  let server: AdmittingServer
  beforeAll(async () => {
    const policies = await renderAdmission('admission.refuse.enabled=true')
    // A policy that cannot be evaluated would let everything in: here it has to show.
    server = await startAdmitting(
      policies.replace('failurePolicy: Ignore', 'failurePolicy: Fail'),
      async (it) => expect(await it.refusalOf(inDomain(judged.attributes('@')))).not.toBeNull(),
    )
  })
  afterAll(() => server?.close())

  /** A condition has its white space squeezed. */
  const refusalOf = async (annotations: Record<string, string>) => {
    const refusal = await server.refusalOf(annotations)
    return refusal && sentence(refusal)
  }

  test('every kind of mistake is refused with the words of the condition', async () => {
    for (const annotations of known.wrong.map(inDomain)) {
      const condition = conditionOf(annotations)
      expect(condition, JSON.stringify(annotations)).not.toBeNull()
      expect(await refusalOf(annotations)).toBe(condition)
    }
  })

  test('what is right is let in, also where the policy cannot read it', async () => {
    for (const annotations of known.right.map(inDomain)) {
      expect(conditionOf(annotations)).toBeNull()
      expect(await refusalOf(annotations)).toBeNull()
    }
  })

  const numRuns = 300

  test.each<[string, fc.Arbitrary<Words>]>([
    ['attributes as people write them', plainAttributes],
    ['combinations of fields', combinations],
    ['lists of EIPs', idLists],
    ['times', expiries],
  ])('%s are refused with the words of the condition, or let in as pod-eip takes them', async (_, words) => {
    await fc.assert(
      fc.asyncProperty(words.map(inDomain), async (annotations) => {
        expect(await refusalOf(annotations)).toBe(conditionOf(annotations))
      }),
      { numRuns },
    )
  })

  test('attributes with a typing error are refused where they are no JSON any more', async () => {
    await fc.assert(
      fc.asyncProperty(brokenJson.map(inDomain), async (annotations) => {
        const [refusal, expected] = [await refusalOf(annotations), conditionOf(annotations)]
        if (refusal !== null || / is not (a )?JSON/.test(expected ?? '')) expect(refusal).toBe(expected)
      }),
      { numRuns },
    )
  })

  test('whatever is asked, what pod-eip takes is let in, and what is refused has its words', async () => {
    await fc.assert(
      fc.asyncProperty(anyAttributes.map(inDomain), async (annotations) => {
        const refusal = await refusalOf(annotations)
        if (refusal !== null) expect(refusal).toBe(conditionOf(annotations))
      }),
      { numRuns },
    )
  })

  test('an annotation of 256 KiB, the most that an API server takes, is not too much to judge', async () => {
    const long = (most: number) => [
      judged.attributes(
        `{"Tags":[${Array(Math.floor(most / 24) - 1)
          .fill('{"Key":"k","Value":"v"}')
          .join()}]}`,
      ),
      judged.attributes(`{"Unknown":[${'1,'.repeat(most / 2 - 20)}1],"Bandwidth":0}`),
      judged.attributes(`{${'"a":1,'.repeat(most / 6 - 3)}"ISP":"ACME"}`),
      judged.attributes(`{${'"Bandwidth":5,'.repeat(most / 14 - 3)}"Bandwidth":0}`),
      judged.attributes(`{"AddressName":"${'é'.repeat(most / 2 - 20)}"}`),
      judged.attributes(`{${' '.repeat(most - 20)}"ISP":"ACME"}`),
      judged.attributes('"'.repeat(most)),
      judged.attributes('é'.repeat(most / 2)),
      judged.attributes('['.repeat(most)),
      judged.idList('eip-a,'.repeat(most / 6)),
      judged.idList(','.repeat(most)),
      judged.idList(
        `${Array.from({ length: 199 }, (_, i) => `eip-${String(i).padStart(36, '0')}`).join()},eip-A`,
      ),
      judged.expiry('1h'.repeat(most / 2)),
    ]
    for (const words of [...long(8_190), ...long(250_000)]) {
      expect(await refusalOf(inDomain(words))).toBe(conditionOf(inDomain(words)))
    }
  })

  test('its expressions have nothing that the API server warns of', async () => {
    await vi.waitFor(
      async () => {
        const shown = await server.kubectl(['get', 'validatingadmissionpolicies', '-o', 'json'])
        const { items } = JSON.parse(shown.text) as { items: { status: unknown }[] }
        expect(items.map(({ status }) => status)).toEqual([{ observedGeneration: 1, typeChecking: {} }])
      },
      { timeout: 60_000, interval: 200 },
    )
  })
})
