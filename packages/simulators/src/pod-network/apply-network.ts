import type { RegionControl } from '../cloud/index.ts'
import { isExclusiveEniId } from '../exclusive-eni.ts'
import type { DesiredNetwork } from './desired-network.ts'

/** Brings the simulated cloud's network to what is desired; what is as it should be is not touched. */
export function applyNetwork(region: RegionControl, desired: DesiredNetwork): void {
  const instances = new Map(region.instances().map((i) => [i.instanceId, i]))
  const interfaces = new Map(region.networkInterfaces().map((i) => [i.networkInterfaceId, i]))
  const wanted = new Set(desired.instances.map((i) => i.instanceId))
  for (const { instanceId } of instances.values()) {
    if (!wanted.has(instanceId)) region.removeInstance(instanceId)
  }
  for (const instance of desired.instances) {
    if (instances.get(instance.instanceId)?.cpu !== instance.cpu) region.upsertInstance(instance)
  }
  const attached = new Set(desired.interfaces.map((eni) => eni.networkInterfaceId))
  for (const id of interfaces.keys()) {
    if (isExclusiveEniId(id) && !attached.has(id)) region.removeNetworkInterface(id)
  }
  // Addresses are taken away first: one that moves to another interface must be free there. So must one of a Node
  // that came back on another interface than before.
  const placeOf = new Map(
    desired.interfaces.flatMap((e) => e.privateIps.map((ip) => [ip, e.networkInterfaceId])),
  )
  for (const { networkInterfaceId, privateIps } of region.networkInterfaces()) {
    if (attached.has(networkInterfaceId)) continue
    for (const ip of privateIps) if (placeOf.has(ip)) region.removePrivateIp(networkInterfaceId, ip)
  }
  for (const eni of desired.interfaces) {
    const keep = new Set(eni.privateIps)
    for (const ip of interfaces.get(eni.networkInterfaceId)?.privateIps ?? []) {
      if (!keep.has(ip)) region.removePrivateIp(eni.networkInterfaceId, ip)
    }
  }
  for (const eni of desired.interfaces) {
    const have = interfaces.get(eni.networkInterfaceId)
    if (!have) region.upsertNetworkInterface(eni)
    else {
      for (const ip of eni.privateIps) {
        if (!have.privateIps.includes(ip)) region.assignPrivateIp(eni.networkInterfaceId, ip)
      }
    }
  }
}
