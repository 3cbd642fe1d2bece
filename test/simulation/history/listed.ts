import { pods } from '@pod-eip/kube'
import { region, type Stage } from '../stage/stage.ts'
import type { Act } from './act.ts'
import { idList } from './resources.ts'

/** People look before they bind: an EIP that has been free for a while, in ms. */
const freeForMs = 30_000

const bindListed: Act = ({ stage, pick }) => {
  const world = stage.cloud.region({ region })
  const free = world.addresses().filter(({ addressId, status }) => {
    const last = world.ledger({ addressId }).at(-1)
    const rested = stage.clock.now() - (last?.at ?? 0) > freeForMs
    return stage.listedEips.includes(addressId) && status === 'UNBIND' && rested
  })
  const address = pick(free)
  const instance = pick(world.instances())
  if (!address || !instance) return null
  stage.callAsSomebody('AssociateAddress', {
    AddressId: address.addressId,
    InstanceId: instance.instanceId,
  })
  return `somebody binds ${address.addressId}, which is listed, on ${instance.instanceId}`
}

const unbindListed: Act = ({ stage, pick }) => {
  const address = pick(heldBySomebody(stage))
  if (!address) return null
  stage.callAsSomebody('DisassociateAddress', { AddressId: address })
  return `somebody unbinds ${address}, which is listed`
}

/** The list of a living Pod is changed by hand: longer, shorter, in another order, or to something wrong. */
const changeList: Act = ({ stage, random, pick }) => {
  const listing = stage.kube
    .list(pods, { namespace: 'default' })
    .items.filter((p) => p.metadata.annotations?.[idList])
  const pod = pick(listing)
  if (!pod) return null
  const { listedEips } = stage
  const lists = [
    [...listedEips],
    listedEips.slice(0, 2),
    [...listedEips].reverse(),
    ['eip-unknown0', listedEips[0]!],
    ['eip-twice', 'eip-twice'],
  ]
  const list = (pick(lists) ?? []).slice(0, 1 + Math.floor(random.next() * 4)).join(',')
  const body = { metadata: { annotations: { [idList]: list } } }
  stage.kube.patch(pods, 'default', pod.metadata.name, { type: 'merge', body })
  return `the list of pod ${pod.metadata.name} is now ${list}`
}

/** EIPs of the user's that somebody has bound by hand, on a CVM's own address. */
export function heldBySomebody(stage: Stage): string[] {
  return stage.cloud
    .region({ region })
    .addresses()
    .filter(({ addressId, binding }) => stage.listedEips.includes(addressId) && binding?.byInstance)
    .map(({ addressId }) => addressId)
}

/** People use the EIPs that workloads list for other things meanwhile, and change lists. */
export const listedActs: readonly Act[] = [bindListed, unbindListed, changeList]
