import { eipClaimCrd } from '@pod-eip/kube'
import { afterAll, beforeAll, describe } from 'vitest'
import { until } from '../until.ts'
import { appliesContract } from './apply.ts'
import { conflictsContract } from './conflicts.ts'
import { definitionsContract } from './definitions.ts'
import { deletionContract } from './deletion.ts'
import { discoveryContract } from './discovery.ts'
import { dryRunContract } from './dry-run.ts'
import { errorsContract } from './errors.ts'
import { eventsAndLeasesContract } from './events-and-leases.ts'
import { fieldValidationContract } from './field-validation.ts'
import { garbageCollectionContract } from './garbage-collection.ts'
import { immutableContract } from './immutable.ts'
import { managedFieldsContract } from './managed-fields.ts'
import { metadataContract } from './metadata.ts'
import { openApiContract } from './openapi.ts'
import { pagingContract } from './paging.ts'
import { patchesContract } from './patches.ts'
import { podsContract } from './pods.ts'
import { resourceVersionsContract } from './resource-versions.ts'
import { type ApiServerSubject, collections, createScene } from './scene.ts'
import { selectorsContract } from './selectors.ts'
import { statusContract } from './status.ts'
import { subresourcesContract } from './subresources.ts'
import { tablesContract } from './tables.ts'
import { watchesContract } from './watch.ts'

/**
 * What kubectl and any other client may ask of an API server, and how it answers: the same for a real one and for
 * the simulated one. The port `Cluster` has a contract of its own.
 */
export function apiServerContract(name: string, start: () => Promise<ApiServerSubject>): void {
  describe(`API server: ${name}`, () => {
    let subject: ApiServerSubject
    const scene = createScene(() => subject)

    beforeAll(async () => {
      subject = await start()
      await scene.made(collections.definitions, eipClaimCrd)
      await until('EIPClaims are served', async () => (await scene.get(collections.eipClaims)).status === 200)
    })
    afterAll(() => subject?.stop())

    errorsContract(scene)
    metadataContract(scene)
    podsContract(scene)
    immutableContract(scene)
    conflictsContract(scene)
    patchesContract(scene)
    appliesContract(scene)
    managedFieldsContract(scene)
    statusContract(scene)
    subresourcesContract(scene)
    deletionContract(scene)
    garbageCollectionContract(scene)
    selectorsContract(scene)
    tablesContract(scene)
    definitionsContract(scene)
    fieldValidationContract(scene)
    dryRunContract(scene)
    eventsAndLeasesContract(scene)
    discoveryContract(scene)
    openApiContract(scene)
    watchesContract(scene)
    resourceVersionsContract(scene)
    pagingContract(scene)
  })
}
