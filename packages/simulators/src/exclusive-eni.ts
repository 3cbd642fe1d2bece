import { createHash } from 'node:crypto'

const networksAnnotation = 'tke.cloud.tencent.com/networks'
const prefix = 'eni-pod'

/** Whether a Pod has a network interface of its own, by its annotation: a list with commas. */
export function hasExclusiveEni(annotations: Record<string, string> | undefined): boolean {
  const networks = (annotations?.[networksAnnotation] ?? '').split(',').map((name) => name.trim())
  return networks.includes('tke-direct-eni')
}

/** The interface of a Pod that has one of its own. The same Pod always has the same. */
export function exclusiveEniId(podUid: string): string {
  return `${prefix}${createHash('sha256').update(podUid).digest('hex').slice(0, 8)}`
}

export function isExclusiveEniId(networkInterfaceId: string): boolean {
  return networkInterfaceId.startsWith(prefix)
}
