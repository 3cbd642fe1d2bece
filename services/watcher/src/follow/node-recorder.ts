import type { EventLog } from '@pod-eip/event-log'
import { nodes } from '@pod-eip/kube'
import type { ReadModels } from '@pod-eip/read-models'
import { projectNode, type SeenNode } from '../project/project-node.ts'
import {
  foldNodeEvent,
  type NodeBelief,
  nodeBeliefOf,
  recordNodeChange,
  recordNodeList,
} from '../record/record-nodes.ts'
import { loadBelief } from './load-belief.ts'
import type { Recorder } from './recorder.ts'

/** Records Nodes: which instance each is, and how many CPUs it has. */
export function createNodeRecorder(deps: {
  log: Pick<EventLog, 'read'>
  readModels: Pick<ReadModels, 'position' | 'nodes'>
}): Recorder<SeenNode> {
  const { log, readModels } = deps
  let belief: NodeBelief = new Map()
  return {
    resource: nodes,
    // To be raised when projectNode looks for more.
    view: '2',
    optional: false,
    project: projectNode,
    async load() {
      belief = await loadBelief({
        ...{ log, readModels },
        read: async () => nodeBeliefOf(await readModels.nodes()),
        types: ['NodeObserved', 'NodeRemoved'],
        fold: foldNodeEvent,
      })
    },
    list: (list) => recordNodeList(belief, list),
    doubt: () => ({ until: 0, held: false }),
    changes: (changes) => changes.flatMap((change) => recordNodeChange(belief, change)),
    known: () => belief.size,
  }
}
