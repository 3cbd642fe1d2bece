import { eipClaims, nodes, pods, type Resource } from '@pod-eip/kube'
import { describe, expect, it } from 'vitest'
import type { ClusterScene } from './scene.ts'

export function resourcesOfKindsContract(scene: ClusterScene): void {
  describe('the resource of a kind', () => {
    const statefulSets: Resource = {
      ...{ group: 'apps', version: 'v1', plural: 'statefulsets', kind: 'StatefulSet', namespaced: true },
    }

    it.each<[string, string, Resource | null]>([
      ['v1', 'Pod', pods],
      ['v1', 'Node', nodes],
      ['apps/v1', 'StatefulSet', statefulSets],
      ['networking.tke.cloud.tencent.com/v1', 'EIPClaim', eipClaims],
      ['v1', 'Scale', null],
      ['v1', 'Nonsense', null],
      ['example.com/v1', 'Pod', null],
    ])('%s %s', async (apiVersion, kind, expected) => {
      expect(await scene.cluster.resourceOf(apiVersion, kind)).toEqual(expected)
    })

    it('is found in another version when its own is not served any more', async () => {
      expect(await scene.cluster.resourceOf('apps/v1beta1', 'StatefulSet')).toEqual(statefulSets)
    })
  })
}
