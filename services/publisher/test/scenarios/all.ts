import { describe } from 'vitest'
import { claimObjectScenarios } from './claim-object.ts'
import { definitionScenarios } from './definition.ts'
import { nodeScenarios } from './node.ts'
import { otherWritersScenarios } from './other-writers.ts'
import { ownerScenarios } from './owner.ts'
import { podScenarios } from './pod.ts'
import { publishersScenarios } from './publishers.ts'
import { refusedWritesScenarios } from './refused-writes.ts'
import { type ScenarioCluster, setScene } from './scene.ts'
import { twoInstallationsScenarios } from './two-installations.ts'

/** What the publisher has to do to a cluster, whatever is behind the port. */
export function publisherScenarios(title: string, start: () => Promise<ScenarioCluster>): void {
  describe(`publisher: ${title}`, () => {
    const scene = setScene(start)
    claimObjectScenarios(scene)
    podScenarios(scene)
    nodeScenarios(scene)
    ownerScenarios(scene)
    otherWritersScenarios(scene)
    refusedWritesScenarios(scene)
    publishersScenarios(scene)
    definitionScenarios(scene)
    twoInstallationsScenarios(scene)
  })
}
