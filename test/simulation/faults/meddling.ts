import { allocationTag, clusterTag } from '@pod-eip/cloud-calls'
import type { Random } from '@pod-eip/runtime'
import { clusterId, region, type Stage } from '../stage/stage.ts'
import type { Fault } from './fault.ts'

/** People look before they act: nothing happened to the EIP for a while, in ms. */
const restedMs = 30_000
/** A binding is under way for less than this, in ms. */
const bindingMs = 10_000
/** Cloud and log are compared at least so often, in ms, with some time for what comes of it. */
const noticedMs = 3 * 60_000

type Address = ReturnType<ReturnType<Stage['cloud']['region']>['addresses']>[number]

/**
 * Others change EIPs of ours at the console: they unbind them, bind them to a CVM or to the address of another Pod,
 * release them. And a call that was given up works after all, when nobody waits for it any more.
 */
export const meddling: Fault = {
  name: 'meddling',
  inStory({ stage, plane, rate, count, stormy }) {
    let random: Random
    const world = stage.cloud.region({ region })
    const pick = <T>(list: readonly T[]) => list[Math.floor(random.next() * list.length)]
    const ours = () =>
      world.addresses().filter(({ addressId, tags }) => {
        const last = world.ledger({ addressId }).at(-1)
        const rested = stage.clock.now() - (last?.at ?? 0) > restedMs
        return rested && tags.some(({ key }) => key === allocationTag)
      })

    function act(what: string, action: string, addressId: string, body: object): string {
      stage.meddledWith.add(addressId)
      stage.callAsSomebody(action, body)
      count(`EIP ${what} by others`)
      return `somebody ${what} ${addressId}, which is ours`
    }

    function unbind(): string | null {
      const address = pick(ours().filter(({ status }) => status === 'BIND' || status === 'BIND_ENI'))
      if (!address) return null
      const { addressId } = address
      return act('unbinds', 'DisassociateAddress', addressId, { AddressId: addressId })
    }

    function move(): string | null {
      const address = pick(ours().filter(({ status }) => status === 'UNBIND'))
      const instance = pick(world.instances())
      if (!address || !instance) return null
      const { addressId } = address
      const body = { AddressId: addressId, InstanceId: instance.instanceId }
      return act('binds to a CVM', 'AssociateAddress', addressId, body)
    }

    /** Where a Pod has the place already, it is made free first, as whoever wants to swap two of them does. */
    function moveToPod(): string | null {
      const claims = [...plane().models.world.claims.values()]
      const address = pick(ours().filter(({ status }) => ['UNBIND', 'BIND_ENI'].includes(status)))
      const claim = claims.find((one) => one.address?.id === address?.addressId)
      const asks = random.next() < 0.5
      const asking = new Set(claims.flatMap(({ pod }) => (pod && !pod.ended ? [pod.uid] : [])))
      const held = stage.controllers.networkState().flatMap(({ pods }) => pods)
      const pod = pick(held.filter(({ podUid }) => podUid !== claim?.pod?.uid && asking.has(podUid) === asks))
      if (!address || !pod) return null
      const { addressId } = address
      const place = { networkInterfaceId: pod.eniId, privateIp: pod.privateIp }
      const there = world
        .addresses()
        .filter(({ binding }) => binding?.networkInterfaceId === pod.eniId)
        .find(({ binding }) => binding?.privateIpAddress === pod.privateIp)
      if (there && !ours().some((one) => one.addressId === there.addressId)) return null
      const inTheWay = [address, ...(there ? [there] : [])].filter(({ status }) => status !== 'UNBIND')
      for (const one of inTheWay)
        act('unbinds', 'DisassociateAddress', one.addressId, { AddressId: one.addressId })
      const kind = asks ? 'another Pod' : 'a Pod that asks for nothing'
      const bind = () => {
        const to = { NetworkInterfaceId: pod.eniId, PrivateIpAddress: pod.privateIp }
        stage.atAnothersPlace.set(addressId, place)
        try {
          act(`binds to ${kind}`, 'AssociateAddress', addressId, { AddressId: addressId, ...to })
        } catch (error) {
          stage.atAnothersPlace.delete(addressId)
          throw error
        }
      }
      if (inTheWay.length === 0) bind()
      else
        stage.clock.after(bindingMs, () => {
          try {
            if (stormy()) bind()
          } catch {
            // The Pod has gone, or the place is taken again.
          }
        })
      return `somebody binds ${addressId}, which is ours, to ${pod.privateIp} of ${pod.podName}, ${kind}`
    }

    function release(): string | null {
      const address = pick(ours().filter(({ status }) => status === 'UNBIND'))
      if (!address) return null
      const { addressId } = address
      return act('releases', 'ReleaseAddresses', addressId, { AddressIds: [addressId] })
    }

    function late(): string | null {
      const over = [...plane().models.world.intents.values()].filter(
        ({ order, status }) => order.type === 'AllocationDecided' && status === 'done',
      )
      const order = pick(over)?.order
      if (order?.type !== 'AllocationDecided') return null
      const { allocationId } = order.data
      const tags = [
        { Key: clusterTag, Value: clusterId },
        { Key: allocationTag, Value: allocationId },
      ]
      for (const id of stage.callAsSomebody('AllocateAddresses', { AddressCount: 1, Tags: tags })
        .AddressSet ?? []) {
        stage.lateEips.add(id)
      }
      count('allocation that works late')
      return `allocation ${allocationId}, which is over, brings another EIP`
    }

    return {
      strike: {
        probability: rate('meddling', 0.12),
        happen(ofMoment) {
          random = ofMoment
          const does = pick([unbind, unbind, move, moveToPod, moveToPod, release, late])!
          try {
            return does()
          } catch (error) {
            return `the cloud refuses somebody: ${(error as Error).message}`
          }
        },
      },
      // Whoever moved an EIP of ours onto a CVM lets go of it in the end, also of one that is only on its way there;
      // whoever moved it to a Pod, once what is compared in the calm has seen it there.
      calm() {
        const letGoOfCvms = () => letGo(({ binding }) => binding?.byInstance === true)
        letGoOfCvms()
        stage.clock.after(bindingMs, letGoOfCvms)
        stage.clock.after(noticedMs, () => letGo(isAtAnothersPlace))
      },
    }

    /** Where somebody bound it, unless its own claim has that place by now. */
    function isAtAnothersPlace({ addressId, binding }: Address): boolean {
      const place = stage.atAnothersPlace.get(addressId)
      if (!place || place.networkInterfaceId !== binding?.networkInterfaceId) return false
      if (place.privateIp !== binding.privateIpAddress) return false
      const claim = [...plane().models.world.claims.values()].find(({ address }) => address?.id === addressId)
      return claim?.binding?.privateIp !== place.privateIp
    }

    function letGo(whom: (address: Address) => boolean): void {
      for (const address of world.addresses()) {
        const { addressId } = address
        if (!stage.meddledWith.has(addressId) || !whom(address)) continue
        try {
          stage.callAsSomebody('DisassociateAddress', { AddressId: addressId })
        } catch {
          // It is on its way off already.
        }
      }
    }
  },
}
