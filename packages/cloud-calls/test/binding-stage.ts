import { expect } from 'vitest'
import { setWorkerStage, type WorkerStage } from '../src/testing/worker-stage.ts'

/** An EIP that is bound to nothing, on a stage with a CVM whose interface has the Pod's address. */
export interface BindingStage {
  stage: WorkerStage
  eip: { addressId: string; publicIp: string }
}

export async function setBindingStage(): Promise<BindingStage> {
  const stage = setWorkerStage()
  stage.region.upsertInstance({ instanceId: 'ins-1', cpu: 8 })
  stage.region.upsertNetworkInterface({
    networkInterfaceId: 'eni-1',
    instanceId: 'ins-1',
    privateIps: ['10.0.0.1', '10.0.0.2'],
  })
  return { stage, eip: await stage.givenEip() }
}

/** What the log is told of the binding `b-1` when it has worked. */
export function toldBound(eip: BindingStage['eip'], networkInterfaceId = 'eni-1', privateIp = '10.0.0.1') {
  const about = { claim: 'default/web-0', generation: 1, intentId: 'b-1' }
  const place = { podUid: 'uid-1', node: 'n1', privateIp, networkInterfaceId }
  return [{ type: 'AddressBound', data: { ...about, ...eip, ...place } }]
}

/** It is told as bound, and is. */
export function expectBound(
  { stage, eip }: BindingStage,
  networkInterfaceId = 'eni-1',
  privateIp = '10.0.0.1',
) {
  expect(stage.told()).toMatchObject(toldBound(eip, networkInterfaceId, privateIp))
  expect(stage.boundTo(eip.addressId)).toBe(`${networkInterfaceId}/${privateIp}`)
}

/** The Pod's address goes once the EIP is bound there, and the cloud unbinds it by that. */
export async function loseThePlace({ stage }: BindingStage, ms: number): Promise<void> {
  await stage.pass(ms)
  stage.region.removePrivateIp('eni-1', '10.0.0.1')
  await stage.pass(ms)
}
