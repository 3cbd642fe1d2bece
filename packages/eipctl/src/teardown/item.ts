import type { CloudAddress } from '@pod-eip/cloud'
import { codeNote } from '@pod-eip/domain'

/** An EIP, or an order for one, that has to do with the cluster, and what the teardown does about it. */
export interface TeardownItem {
  /** Empty while an order has brought none. */
  addressId: string
  publicIp: string
  /** Whose it is by the log; empty when that is not known. */
  claim: string
  does: TeardownStep
  /** Where the cloud shows it bound; empty when it is not. */
  boundTo: string
  /** Why, or what stands in the way: a sentence; empty when there is nothing to say. */
  says: string
}

/**
 * `unbind`: an EIP of the user's, which stays his. `call off`: an allocation is under way, and what it brings is
 * released. `settle`: the cloud has nothing of it any more, and the log learns that. `leave`: somebody has to do
 * something about it first. `not ours`: it is named, and nobody of ours touches it.
 */
export type TeardownStep =
  | 'release'
  | 'unbind and release'
  | 'unbind'
  | 'call off'
  | 'settle'
  | 'leave'
  | 'not ours'

/** Whether anything is left to be done about it, by whomever. */
export function isLeft({ does }: TeardownItem): boolean {
  return does !== 'not ours'
}

/** Where an EIP is bound, as people look for it; empty when it is not. */
export function placeOf(address: CloudAddress | undefined): string {
  if (!address) return ''
  const { privateIpAddress, networkInterfaceId, instanceId } = address
  return [privateIpAddress, networkInterfaceId, instanceId].filter(Boolean).join(', ')
}

/** Whether the cloud shows it bound, or about to be. */
export function isBound({ status }: CloudAddress): boolean {
  return status === 'BIND' || status === 'BIND_ENI' || status === 'BINDING'
}

/** What the cloud, or a rule of ours, has against it: one sentence with what to do. */
export function obstacle({ code, message, requestId }: { code: string; message: string; requestId: string }) {
  const text = message.replace(/\s+/g, ' ').trim()
  if (requestId === '' && text.endsWith('.')) return text
  const note = codeNote(code)
  const named = requestId === '' ? code : `${code}, RequestId ${requestId}`
  const said = `Tencent Cloud answered ${JSON.stringify(text.slice(0, 300))} (${named})`
  return note ? `${said}: ${note.why}; ${note.todo}.` : `${said}; run it again once that is mended.`
}

export const notOursSentence =
  "it carries the tag of this cluster and was not created by pod-eip, but by TKE's own ipamd or by hand; release it in the console if nobody needs it."
