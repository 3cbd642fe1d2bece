import type { RegionState } from '../state/state.ts'

/** Public addresses (its own and EIPs) that a CVM may have, by its CPUs, as documented. */
const limits: readonly { fromCpu: number; limit: number }[] = [
  { fromCpu: 48, limit: 10 },
  { fromCpu: 42, limit: 9 },
  { fromCpu: 36, limit: 8 },
  { fromCpu: 30, limit: 7 },
  { fromCpu: 24, limit: 6 },
  { fromCpu: 18, limit: 5 },
  { fromCpu: 12, limit: 4 },
  { fromCpu: 6, limit: 3 },
]

/** The limit for so many CPUs. */
export function publicAddressLimit(cpu: number): number {
  return limits.find((row) => cpu >= row.fromCpu)?.limit ?? 2
}

/** The public addresses that a CVM has and may have; `null` of one that was never told of. */
export function publicAddressPlaces(
  region: RegionState,
  instanceId: string,
): { held: number; limit: number; cpu: number } | null {
  const instance = region.instances[instanceId]
  if (!instance) return null
  const bound = Object.values(region.addresses).filter(({ binding }) => binding?.instanceId === instanceId)
  const held = bound.length + (instance.hasPublicIp ? 1 : 0)
  return { held, limit: publicAddressLimit(instance.cpu), cpu: instance.cpu }
}
