import type { Random } from '@pod-eip/runtime'
import { region } from '../stage/stage.ts'
import type { Fault } from './fault.ts'

const tagOfAllocation = 'pod-eip/allocation'
/** People look before they act: nothing happened to the EIP for a while, in ms. */
const restedMs = 30_000
/** A binding is under way for less than this, in ms. */
const bindingMs = 10_000

/**
 * Others change EIPs of ours at the console: they unbind them, bind them to a CVM, release them. And a call that was
 * given up works after all, when nobody waits for it any more.
 */
export const meddling: Fault = {
  name: 'meddling',
  inStory({ stage, plane, rate, count }) {
    let random: Random
    const world = stage.cloud.region({ region })
    const pick = <T>(list: readonly T[]) => list[Math.floor(random.next() * list.length)]
    const ours = () =>
      world.addresses().filter(({ addressId, tags }) => {
        const last = world.ledger({ addressId }).at(-1)
        const rested = stage.clock.now() - (last?.at ?? 0) > restedMs
        return rested && tags.some(({ key }) => key === tagOfAllocation)
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
        { Key: 'tke-clusterId', Value: 'cls-sim' },
        { Key: tagOfAllocation, Value: allocationId },
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
          const does = pick([unbind, unbind, move, release, late])!
          try {
            return does()
          } catch (error) {
            return `the cloud refuses somebody: ${(error as Error).message}`
          }
        },
      },
      // Whoever moved an EIP of ours onto a CVM lets go of it in the end, also of one that is only on its way there.
      calm() {
        letGo()
        stage.clock.after(bindingMs, letGo)
      },
    }

    function letGo(): void {
      for (const { addressId, binding } of world.addresses()) {
        if (!stage.meddledWith.has(addressId) || !binding?.byInstance) continue
        try {
          stage.callAsSomebody('DisassociateAddress', { AddressId: addressId })
        } catch {
          // It is on its way off already.
        }
      }
    }
  },
}
