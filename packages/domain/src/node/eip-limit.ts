/**
 * Public addresses (its own public IP and EIPs) that a CVM of so many CPUs may have, as Tencent Cloud
 * documents them: 2 up to 5 CPUs, and one more for every further 6, up to 10.
 */
export function publicAddressLimit(cpu: number): number {
  return Math.min(10, 2 + Math.floor(cpu / 6))
}

/** EIPs for Pods on a node of so many CPUs: one slot stays with the CVM's own public address. */
export function eipLimit(cpu: number): number {
  return publicAddressLimit(cpu) - 1
}
