import { emptyNode } from '@pod-eip/domain'
import { describe, expect, test } from 'vitest'
import type { SeenNode } from '../src/project/project-node.ts'
import type { ClusterEvent } from '../src/record/cluster-event.ts'
import {
  type KnownNode,
  type NodeBelief,
  nodeBeliefOf,
  recordNodeChange,
  recordNodeList,
} from '../src/record/record-nodes.ts'

function seen(changed: Partial<SeenNode> & { rv?: number } = {}): SeenNode {
  const { rv = 20, ...rest } = changed
  const facts = { instanceId: 'ins-1', cpu: 8, internalIp: '10.0.0.4' }
  return { node: 'n1', uid: 'a', resourceVersion: String(rv), ...facts, ...rest }
}

function believing(node?: Partial<KnownNode> & { rv?: number }): NodeBelief {
  if (!node) return new Map()
  const { rv = 10, ...rest } = node
  // 8 CPUs carry 3 public addresses, one of them the instance's own.
  const facts = { instanceId: 'ins-1', internalIp: '10.0.0.4', limit: 2 }
  return new Map([['n1', { uid: 'a', resourceVersion: String(rv), ...facts, ...rest }]])
}

const short = (events: ClusterEvent[]) =>
  events.map(({ type, data }) => [type, 'nodeUid' in data && data.nodeUid].filter(Boolean).join(' '))

describe('a change', () => {
  test.each<[string, NodeBelief, 'MODIFIED' | 'DELETED', SeenNode, string[]]>([
    ['a Node is new', believing(), 'MODIFIED', seen(), ['NodeObserved a']],
    ['its heartbeat came', believing({}), 'MODIFIED', seen(), []],
    ['its instance is known', believing({ instanceId: null }), 'MODIFIED', seen(), ['NodeObserved a']],
    ['its own address is known', believing({ internalIp: null }), 'MODIFIED', seen(), ['NodeObserved a']],
    ['its CPU count is known', believing({ limit: null }), 'MODIFIED', seen(), ['NodeObserved a']],
    ['it has more CPUs', believing({}), 'MODIFIED', seen({ cpu: 16 }), ['NodeObserved a']],
    ['it is seen as it was before', believing({ rv: 30 }), 'MODIFIED', seen({ cpu: 16 }), []],
    ['it is deleted', believing({}), 'DELETED', seen(), ['NodeRemoved a']],
    ['an unknown one is deleted', believing(), 'DELETED', seen(), []],
    ['it registers anew', believing({}), 'MODIFIED', seen({ uid: 'b' }), ['NodeRemoved a', 'NodeObserved b']],
    ['the one before it is shown again', believing({ rv: 30 }), 'DELETED', seen({ uid: 'b' }), []],
  ])('%s', (_, belief, type, object, expected) => {
    expect(short(recordNodeChange(belief, { type, object }))).toEqual(expected)
    expect(short(recordNodeChange(belief, { type, object }))).toEqual([])
  })
})

describe('a complete list', () => {
  test.each<[string, NodeBelief, SeenNode[], string[]]>([
    ['shows a new Node', believing(), [seen()], ['NodeObserved a']],
    ['shows what is known', believing({}), [seen()], []],
    ['lacks a Node', believing({}), [], ['NodeRemoved a']],
    ['lacks a Node that was recorded later', believing({ rv: 60 }), [], []],
  ])('%s', (_, belief, items, expected) => {
    expect(short(recordNodeList(belief, { items, resourceVersion: '50' }))).toEqual(expected)
  })
})

test('Nodes that were removed, or that only claims have named, are not believed', () => {
  const known = {
    ...emptyNode('n1'),
    uid: 'a',
    resourceVersion: '5',
    instanceId: 'ins-1',
    internalIp: '10.0.0.4',
    limit: 2,
  }
  const models = [known, { ...known, name: 'n2', removed: true }, emptyNode('n3')]
  expect(nodeBeliefOf(models)).toEqual(believing({ rv: 5 }))
})
