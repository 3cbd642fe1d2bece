import { installationMarks, type ObjectRef } from '@pod-eip/domain'
import { storableText } from '@pod-eip/event-log'
import type { KubeObject } from '@pod-eip/kube'
import { createOwnerChain } from '@pod-eip/watcher/owners'
import { projectEipClaim, projectPod } from '@pod-eip/watcher/project'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hostileText, hostileTexts, spoiled, unprintable } from './hostile-text.ts'

const domain = 'tke.cloud.tencent.com'
const good = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'web', uid: 'uid-web', controller: true }

/** An API server takes any text that is not empty, whatever its length. */
const text = fc.oneof(
  hostileText().filter((t) => t !== ''),
  fc.constantFrom('..', '.', '../../api/v1/secrets', 'v1?watch=1', 'x%2f..', hostileTexts['a megabyte']),
)
const reference = fc.record({
  apiVersion: fc.oneof(fc.constant(good.apiVersion), text),
  kind: fc.oneof(fc.constant(good.kind), text),
  name: fc.oneof(fc.constant(good.name), text),
  uid: fc.oneof(fc.constant(good.uid), text),
  controller: fc.constantFrom(true, false, null, undefined),
})

const objectWith = (ownerReferences: unknown): KubeObject => ({
  metadata: {
    ...{ name: 'web-0', namespace: 'games', uid: 'uid-1', resourceVersion: '7' },
    annotations: { [`${domain}/eip-attributes`]: '{}' },
    ownerReferences: ownerReferences as never,
  },
})

/** It can be recorded, is no longer than what is recorded of a Pod, and leads into no other path. */
function isHarmless(owners: ObjectRef[]): void {
  for (const owner of owners) {
    expect(JSON.stringify(owner).length).toBeLessThan(1_024)
    for (const part of [owner.apiVersion, owner.kind, owner.name, owner.uid]) {
      expect(part).not.toMatch(unprintable)
      expect(part).toBe(storableText(part))
      expect(part).not.toMatch(/[%?#\s]|(^|\/)\.{1,2}(\/|$)/)
    }
    for (const part of [owner.kind, owner.name, owner.uid]) expect(part).not.toContain('/')
  }
}

describe('owners that somebody writes on a Pod or an EIPClaim', () => {
  test('are such as can exist, or nobody', () => {
    fc.assert(
      fc.property(fc.array(reference, { maxLength: 3 }), (references) => {
        const { controller } = projectPod(objectWith(references), domain)
        isHarmless(controller ? [controller] : [])
        isHarmless(projectEipClaim(objectWith(references), installationMarks(domain)).owners)
      }),
      { numRuns: 1_000 },
    )
    expect(projectPod(objectWith([good]), domain).controller).toMatchObject({ kind: 'StatefulSet' })
  })

  test.each([
    { apiVersion: 'apps.kruise.io/v1alpha1', kind: 'CloneSet', name: 'web' },
    { apiVersion: 'v1', kind: 'Node', name: '10.0.0.1' },
    { apiVersion: 'batch/v1', kind: 'Job', name: 'nightly-28391' },
    { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', name: 'system:web' },
  ])('as $kind $name are known', (owner) => {
    const uid = 'a4178b45-e847-406f-87c5-3b65bf93b6bf'
    expect(projectPod(objectWith([{ ...owner, uid, controller: true }]), domain).controller).toEqual({
      ...owner,
      uid,
    })
  })
})

test('a chain of owners that are of any form, or rings, ends soon and in one that can exist', async () => {
  const object = objectWith([good])
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(spoiled(object), fc.constant(object)), { maxLength: 30 }),
      async (chain) => {
        let looked = 0
        const owners: ObjectRef[] = []
        const { top } = createOwnerChain({
          questions: {
            resourceOf: async () => 'hidden',
            isGone: async () => false,
            look: async () => (chain[looked++] as KubeObject | undefined) ?? 'gone',
          },
          onOwner: (owner) => void owners.push(owner),
          clock: { now: () => 0, sleep: async () => {} },
        })
        const { apiVersion, kind, name, uid } = good
        const found = await top({ apiVersion, kind, name, uid }, 'games')
        expect(looked).toBeLessThanOrEqual(12)
        isHarmless([...owners, ...(found ? [found.owner] : [])])
      },
    ),
    { numRuns: 500 },
  )
})
