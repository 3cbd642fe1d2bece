import { type Claim, defaultAnnotationDomain, emptyClaim, installationMarks } from '@pod-eip/domain'
import type { KubeObject } from '@pod-eip/kube'
import { beforeEach, describe, expect, test } from 'vitest'
import { type SeenObject, seeObject, wantedObject } from '../src/claim-object/claim-object.ts'
import { nextObjectStep, type Settled, type StepContext } from '../src/claim-object/next-step.ts'
import { createObjectCache } from '../src/object-cache.ts'

const marks = installationMarks(defaultAnnotationDomain)
const { reclaimFinalizer } = marks
const since = '2026-01-01T00:00:00.000Z'
const never = { status: false, since }
const open: Claim = {
  ...emptyClaim('ns/web-0'),
  phase: 'Pending',
  generation: 1,
  conditions: { Accepted: never, Allocated: never, Bound: never },
}
const closed: Claim = { ...open, phase: 'Released' }

/** An object as the API server shows it after `wanted` was applied. */
function shown(object: KubeObject, metadata: Partial<KubeObject['metadata']> = {}): SeenObject {
  return seeObject(
    {
      ...object,
      metadata: { ...object.metadata, uid: 'u1', resourceVersion: '10', generation: 1, ...metadata },
    },
    marks,
  )
}

function nextStep(
  claim: Claim | null,
  seen: SeenObject | null,
  settled: Settled | null,
  context: Omit<StepContext, 'marks'> = {},
) {
  return nextObjectStep(claim, seen, settled, { marks, ...context })
}

const fresh = shown(wantedObject(open, null, marks).object)

function inLine(claim: Claim, seen: SeenObject): SeenObject {
  const step = nextStep(claim, seen, null)
  if (step?.kind !== 'apply') throw new Error('nothing to apply')
  return { ...seen, [step.part]: step.wanted.digest }
}

describe('the next write to a claim object', () => {
  test('makes the missing one of an open claim, finalizer and all', () => {
    const step = nextStep(open, null, null)
    expect(step).toMatchObject({
      ...{ kind: 'apply', part: 'spec' },
      wanted: { object: { metadata: { namespace: 'ns', name: 'web-0', finalizers: [reclaimFinalizer] } } },
    })
  })

  test('is the status after the spec, and then none', () => {
    expect(nextStep(open, fresh, null)).toMatchObject({
      ...{ kind: 'apply', part: 'status' },
      wanted: { object: { status: { phase: 'Pending', observedGeneration: 1 } } },
    })
    expect(nextStep(open, inLine(open, fresh), null)).toBeNull()
  })

  test('gives a finalizer back that was taken off by hand', () => {
    const seen = shown(wantedObject(open, null, marks).object, { finalizers: [] })
    expect(nextStep(open, seen, null)).toMatchObject({ kind: 'apply', part: 'spec' })
  })

  test('takes over an object of that name that was made by hand', () => {
    const seen = shown(wantedObject(open, null, marks).object, { labels: {} })
    expect(nextStep(open, seen, null)).toMatchObject({ kind: 'apply', part: 'spec' })
  })

  test('is not repeated when the API server makes something else of it', () => {
    const seen = { ...fresh, spec: 'pruned' }
    const settled: Settled = {
      uid: 'u1',
      spec: { wanted: wantedObject(open, seen, marks).digest, shown: 'pruned' },
    }
    expect(nextStep(open, seen, settled)).toMatchObject({ part: 'status' })
    expect(nextStep(open, { ...seen, spec: 'edited' }, settled)).toMatchObject({ part: 'spec' })
    expect(nextStep(open, { ...seen, uid: 'u2' }, settled)).toMatchObject({ part: 'spec' })
  })

  test('takes the finalizer off before it deletes the object of a closed claim', () => {
    expect(nextStep(closed, fresh, null)).toEqual({ kind: 'let go', uid: 'u1' })
    expect(nextStep(closed, { ...fresh, hasFinalizer: false }, null)).toEqual({
      ...{ kind: 'delete', uid: 'u1' },
    })
    expect(nextStep(closed, { ...fresh, ours: false }, null)).toEqual({ kind: 'let go', uid: 'u1' })
    expect(nextStep(closed, null, null)).toBeNull()
  })

  test('leaves objects alone that no claim explains', () => {
    const byHand = { ...fresh, ours: false, hasFinalizer: false }
    expect(nextStep(null, byHand, null)).toBeNull()
    expect(nextStep(closed, byHand, null)).toBeNull()
    expect(nextStep(null, fresh, null)).toBeNull()
  })

  test('is none to one that was written when the claim had a later EIP: the log is an older one', () => {
    const later = { ...fresh, claimGeneration: 2 }
    expect(nextStep(open, later, null)).toBeNull()
    expect(nextStep(closed, later, null)).toBeNull()
    expect(nextStep({ ...open, generation: 2 }, later, null)).toMatchObject({ part: 'status' })
    // Who deletes it is answered.
    expect(nextStep(closed, { ...later, deleting: true }, null)).toMatchObject({ kind: 'let go' })
  })

  describe('to one that is being deleted', () => {
    const deleting = { ...fresh, deleting: true }

    test('is only its status until the log has answered', () => {
      expect(nextStep(open, deleting, null)).toMatchObject({ kind: 'apply', part: 'status' })
      expect(nextStep(open, inLine(open, deleting), null)).toBeNull()
    })

    test('lets it go once this very deletion is answered', () => {
      const answered = (uid: string) => ({ ...open, answeredDeletion: uid })
      expect(nextStep(answered('u1'), deleting, null)).toEqual({ kind: 'let go', uid: 'u1' })
      expect(nextStep(answered('u0'), deleting, null)).toMatchObject({ part: 'status' })
    })

    test('lets it go when the claim is closed or unknown', () => {
      expect(nextStep(closed, deleting, null)).toMatchObject({ kind: 'let go' })
      expect(nextStep(null, deleting, null)).toMatchObject({ kind: 'let go' })
    })

    test('never adds a finalizer, which the API server would refuse', () => {
      const seen = { ...deleting, hasFinalizer: false }
      expect(nextStep({ ...open, answeredDeletion: 'u1' }, seen, null)).toBeNull()
      expect(wantedObject(open, seen, marks).object.metadata).not.toHaveProperty('finalizers')
      expect(wantedObject(open, deleting, marks).object.metadata.finalizers).toEqual([reclaimFinalizer])
    })
  })
})

describe('what was last seen of the objects', () => {
  const at = (resourceVersion: string, more: Partial<SeenObject> = {}) => ({
    ...fresh,
    resourceVersion,
    ...more,
  })

  const follow = (type: 'MODIFIED' | 'DELETED', object: SeenObject) =>
    cache.follow([{ type, object }], object.resourceVersion)
  let cache = createObjectCache<SeenObject>()
  beforeEach(() => {
    cache = createObjectCache<SeenObject>()
  })

  test('is the newest, whichever way it came', () => {
    cache.put(at('12'))
    expect(follow('MODIFIED', at('11'))).toEqual([])
    expect(follow('MODIFIED', at('12'))).toEqual([])
    expect(follow('MODIFIED', at('100'))).toEqual(['ns/web-0'])
    cache.put(at('99'))
    expect(cache.get('ns/web-0')?.resourceVersion).toBe('100')
  })

  test('is not forgotten for the end of an earlier object of that name', () => {
    cache.put(at('12', { uid: 'u2' }))
    expect(follow('DELETED', at('11'))).toEqual([])
    expect(cache.get('ns/web-0')?.uid).toBe('u2')
  })

  test('does not come back to life by an answer that arrives after its end', () => {
    follow('MODIFIED', at('12'))
    expect(follow('DELETED', at('14'))).toEqual(['ns/web-0'])
    cache.put(at('13'))
    expect(cache.get('ns/web-0')).toBeNull()
    cache.put(at('15', { uid: 'u2' }))
    expect(cache.get('ns/web-0')?.uid).toBe('u2')
  })

  test('is gone when a complete list does not have it', () => {
    cache.put(at('12'))
    const list = { items: [at('20', { key: 'ns/web-1' })], resourceVersion: '21' }
    expect(cache.replace(list)).toEqual(['ns/web-0', 'ns/web-1'])
    cache.put(at('13'))
    expect(cache.get('ns/web-0')).toBeNull()
  })
})
