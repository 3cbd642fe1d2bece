import type { Request } from '../requests/schemas.ts'
import type { SimulatedAddress } from '../state/state.ts'
import type { World } from '../state/world.ts'

/** What an AllocateAddresses request says of each address. */
export type NewAddress = Omit<Request<'AllocateAddresses'>, 'AddressCount'>

/** An address as a request orders it, still being created. */
export function newAddress(world: World, now: number, request: NewAddress): SimulatedAddress {
  return {
    addressId: drawAddressId(world),
    number: world.state.nextPublicIp,
    addressIp: nextPublicIp(world),
    addressName: request.AddressName,
    status: 'CREATING',
    binding: null,
    internetServiceProvider: request.InternetServiceProvider,
    internetChargeType: request.InternetChargeType,
    bandwidth: request.InternetMaxBandwidthOut,
    addressType: request.AddressType,
    bandwidthPackageId: request.BandwidthPackageId ?? null,
    antiDDoSPackageId: request.AntiDDoSPackageId ?? null,
    egress: request.Egress ?? null,
    tags: request.Tags.map((tag) => ({ key: tag.Key, value: tag.Value })),
    isArrears: false,
    isBlocked: false,
    deletionProtection: false,
    createdAt: now,
    settledAt: now,
    meter: { since: now, unboundMs: 0, boundMs: 0 },
  }
}

const idLetters = 'abcdefghijklmnopqrstuvwxyz0123456789'

function drawAddressId(world: World): string {
  for (;;) {
    const letters = Array.from(
      { length: 8 },
      () => idLetters[Math.floor(world.random.next() * idLetters.length)],
    )
    const addressId = `eip-${letters.join('')}`
    if (!world.region.addressHistory[addressId]) return addressId
  }
}

/** From 198.18.0.0/15, which is set aside for tests: routed nowhere, and nobody's. */
function nextPublicIp(world: World): string {
  const number = world.state.nextPublicIp++
  const host = number % 2 ** 17
  return `198.${18 + (host >> 16)}.${(host >> 8) & 255}.${host & 255}`
}
