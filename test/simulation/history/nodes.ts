import { nodes, pods } from '@pod-eip/kube'
import type { Act } from './act.ts'

const loseNode: Act = ({ stage, pick }) => {
  const present = stage.kube.list(nodes).items
  if (present.length < 2) return null
  const node = pick(present)!
  stage.kube.delete(nodes, null, node.metadata.name)
  return `node ${node.metadata.name} is gone`
}

const bringNodeBack: Act = ({ stage }) => {
  const present = new Set(stage.kube.list(nodes).items.map((n) => n.metadata.name))
  // The simulated kubelet does not set up anew the Pods of a lost node of the same name: their end comes first.
  const occupied = new Set(stage.kube.list(pods).items.map((p) => p.spec?.nodeName))
  const index = stage.nodes.findIndex((n) => !present.has(n.name) && !occupied.has(n.name))
  if (index === -1) return null
  stage.addNode(index)
  return `node ${stage.nodes[index]!.name} is there again`
}

/** A machine dies, and another one takes its name at once; somebody has removed its Pods by force. */
const replaceNode: Act = ({ stage, random, pick }) => {
  const node = pick(stage.kube.list(nodes).items)
  const index = stage.nodes.findIndex(({ name }) => name === node?.metadata.name)
  if (!node || index === -1) return null
  const { name } = node.metadata
  const cvm = random.next() < 0.7 ? Math.ceil(random.next() * 99) : 0
  stage.kube.delete(nodes, null, name)
  for (const pod of stage.kube.list(pods).items) {
    if (pod.spec?.nodeName !== name) continue
    stage.kube.delete(pods, pod.metadata.namespace!, pod.metadata.name, { gracePeriodSeconds: 0 })
  }
  stage.addNode(index, cvm)
  return `node ${name} dies with its Pods and is there again at once, ${cvm === 0 ? 'on the same' : 'on another'} CVM`
}

/** Nodes go and come back. */
export const nodeActs: readonly Act[] = [loseNode, bringNodeBack, replaceNode]
