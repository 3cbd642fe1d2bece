import { customResourceDefinitions, eipClaimCrd, ensureCrd } from '@pod-eip/kube'
import { systemClock, systemIds } from '@pod-eip/runtime'
import { createInMemoryCluster, createKubeStore } from '@pod-eip/simulators/kube'
import { describe, expect, test } from 'vitest'
import { definitionFinding } from '../src/doctor/check-definition.ts'

describe('what doctor says of the definition of EIPClaims', () => {
  const newCluster = () => {
    const store = createKubeStore({ clock: systemClock, ids: systemIds })
    return createInMemoryCluster({ store, clock: systemClock })
  }

  test('that it is not there, and once it is, that it is right', async () => {
    const cluster = newCluster()
    expect(await definitionFinding(cluster)).toMatchObject({ state: 'fail' })
    await ensureCrd(cluster)
    expect(await definitionFinding(cluster)).toMatchObject({ state: 'ok' })
  })

  test('where somebody changed it, also by one limit more', async () => {
    const cluster = newCluster()
    await ensureCrd(cluster)
    const { versions } = structuredClone(eipClaimCrd.spec)
    versions[0].schema.openAPIV3Schema.properties.status.properties.phase.maxLength = 5
    const body = { spec: { versions } }
    await cluster.mergePatch(customResourceDefinitions, null, eipClaimCrd.metadata.name, body)
    expect(await definitionFinding(cluster)).toMatchObject({
      state: 'fail',
      says: expect.stringMatching(
        /changed by another hand: spec\.versions\[0\]\.\S+\.status\.properties\.phase\.maxLength is otherwise/,
      ),
    })
  })
})
