import { nodes, pods } from '@pod-eip/kube'
import { expect, test } from 'vitest'
import { ipOf, type ServicesStage, setServicesStage } from './services-stage.ts'

/** Room for 9 Pods is on each of two nodes. */
const [onFirst, onSecond] = [0, 9]
const name = 'game-0'

/** How a Node is lost, and what pod-eip sees of that. */
interface Loss {
  /** Its CVM goes with its network interfaces, and the EIP is unbound by that; else the machine is cut off only. */
  withCvm: boolean
  /** pod-eip is away from before the loss until the new Pod runs: it never sees the old one's end. */
  away?: boolean
  /** What happens to the first answer about unbinding. */
  unbinding?: 'is lost' | 'comes late'
}

function ask(stage: ServicesStage, place: number): void {
  stage.create(name, place)
  stage.kube.patch(pods, 'default', name, {
    type: 'merge',
    body: { metadata: { annotations: { 'tke.cloud.tencent.com/eip-claim-delete-policy': 'Never' } } },
  })
}

test.each<[string, Loss]>([
  ['its CVM goes', { withCvm: true }],
  ['its machine runs on, cut off', { withCvm: false }],
  ['its CVM goes while pod-eip is away', { withCvm: true, away: true }],
  ['its machine runs on while pod-eip is away', { withCvm: false, away: true }],
  ['the answer to the unbinding is lost', { withCvm: false, unbinding: 'is lost' }],
  ['the unbinding is late', { withCvm: false, unbinding: 'comes late' }],
])('EIP invalid after nodeLost (v3.4.5): %s', async (_, { withCvm, away = false, unbinding }) => {
  const stage = setServicesStage({ places: 18, workers: 2, latencyMs: 50 })
  const { kube, world, cloud } = stage
  const [first, second] = kube.list(nodes, {}).items
  const claim = () => stage.claims().find(({ key }) => key === `default/${name}`)
  const uid = () => kube.get(pods, 'default', name).metadata.uid!
  const isBoundTo = (podUid: string) => claim()?.phase === 'Bound' && claim()?.binding?.podUid === podUid
  const privateIpOf = (id: string) =>
    world.addresses().find(({ addressId }) => addressId === id)?.binding?.privateIpAddress
  let stop = stage.start()

  ask(stage, onFirst)
  const lost = uid()
  await stage.until(() => isBoundTo(lost))
  const eip = claim()!.address!.id
  expect(privateIpOf(eip)).toBe(ipOf(onFirst))
  await stage.clock.runUntil(stage.clock.now() + 60_000)

  // The kubelet is silent: its Pods are evicted, and stay for as long as nobody says that they have ended.
  const action = 'DisassociateAddress'
  if (unbinding === 'is lost') cloud.faults.add({ kind: 'lost-answer', action, count: 1 })
  if (unbinding === 'comes late') cloud.faults.add({ kind: 'latency', ms: 14_000, action, count: 1 })
  if (away) await stop()
  if (withCvm) world.removeInstance(first!.spec!.providerID!.split('/').at(-1)!)
  kube.delete(pods, 'default', name, { gracePeriodSeconds: 30 })
  await stage.clock.runUntil(stage.clock.now() + 120_000)
  expect(uid()).toBe(lost)

  // The Node is removed, its Pods with it; the StatefulSet makes the Pod anew at once, and it runs elsewhere.
  kube.delete(nodes, null, first!.metadata.name)
  stage.delete(name)
  ask(stage, onSecond)
  const next = uid()
  expect(next).not.toBe(lost)
  await stage.clock.runUntil(stage.clock.now() + 5_000)
  if (away) stop = stage.start()
  await stage.until(() => isBoundTo(next))
  const where = { address: { id: eip }, binding: { node: second!.metadata.name, privateIp: ipOf(onSecond) } }
  expect(claim()).toMatchObject(where)
  expect(privateIpOf(eip)).toBe(ipOf(onSecond))

  // What is still on its way about the lost Pod, and every survey of the cloud, leave the new one its EIP.
  await stage.clock.runUntil(stage.clock.now() + 1_800_000)
  expect(claim()).toMatchObject({ phase: 'Bound', ...where })
  expect(privateIpOf(eip)).toBe(ipOf(onSecond))
  const all = await stage.log.read({ after: 0, limit: 1_000 })
  const told = all.flatMap(({ type, data }) => (/^Address|^PodEnded/.test(type) ? [[type, data.podUid]] : []))
  expect(told).toEqual([
    ['AddressBound', lost],
    ['PodEnded', lost],
    ['AddressUnbound', undefined],
    ['AddressBound', next],
  ])
  expect(world.addresses()).toHaveLength(1)
  expect(world.ledger({ addressId: eip }).filter(({ event }) => event === 'allocated')).toHaveLength(1)
  await stop()
})
