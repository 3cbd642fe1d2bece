import { probedActions } from '@pod-eip/cloud'
import type { Random } from '@pod-eip/runtime'
import { foreignName, region } from '../stage/stage.ts'
import type { Fault } from './fault.ts'

/** Permissions are taken, EIPs are blocked, protected or in arrears: and all of it comes back. */
export const accountLimits: Fault = {
  name: 'account limits',
  inStory({ stage: { cloud }, rate, count }) {
    const world = cloud.region({ region })
    let random: Random
    const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random.next() * list.length)]
    const lifts: (() => unknown)[] = []
    const liftAll = () => {
      for (const lift of lifts.splice(0)) lift()
    }

    function deny(): string {
      const action = pick(probedActions)!
      cloud.setAccount({ deniedActions: [action] })
      lifts.push(() => cloud.setAccount({ deniedActions: [] }))
      count('permission taken')
      return `${action} is not allowed any more`
    }

    function mark(): string | null {
      const address = pick(world.addresses().filter((a) => a.addressName !== foreignName))
      if (!address) return null
      const name = pick(['isBlocked', 'isArrears', 'deletionProtection'] as const)!
      const { addressId } = address
      world.markAddress(addressId, { [name]: true })
      lifts.push(() => {
        const still = world.addresses().some((a) => a.addressId === addressId)
        if (still) world.markAddress(addressId, { [name]: false })
      })
      count(name)
      return `${addressId} gets the mark ${name}`
    }

    return {
      strike: {
        probability: rate('account limits', 0.12),
        happen(ofMoment) {
          random = ofMoment
          if (lifts.length === 0 || random.next() < 0.5) return random.next() < 0.4 ? deny() : mark()
          liftAll()
          return 'the limits of the account are lifted'
        },
      },
      calm: liftAll,
    }
  },
}
