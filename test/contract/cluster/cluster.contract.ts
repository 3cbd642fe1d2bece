import { ensureCrd } from '@pod-eip/kube'
import { afterAll, beforeAll, describe } from 'vitest'
import { appliesContract } from './apply.ts'
import { createAndGetContract } from './create-and-get.ts'
import { deletesContract } from './delete.ts'
import { listsContract } from './list.ts'
import { mergePatchesContract } from './merge-patch.ts'
import { resourcesOfKindsContract } from './resource-of-kind.ts'
import { type ContractSubject, createScene } from './scene.ts'
import { statusContract } from './status.ts'
import { watchesContract } from './watch.ts'

/** What every adapter of the port `Cluster` has to do, whatever is behind it. */
export function clusterContract(name: string, start: () => Promise<ContractSubject>): void {
  describe(`Cluster: ${name}`, () => {
    let subject: ContractSubject
    const scene = createScene(() => subject)

    beforeAll(async () => {
      subject = await start()
      await ensureCrd(subject.cluster)
    })
    afterAll(() => subject?.stop())

    listsContract(scene)
    resourcesOfKindsContract(scene)
    createAndGetContract(scene)
    mergePatchesContract(scene)
    appliesContract(scene)
    statusContract(scene)
    deletesContract(scene)
    watchesContract(scene)
  })
}
