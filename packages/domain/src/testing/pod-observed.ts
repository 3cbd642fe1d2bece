import type { EventData } from '../events/event.ts'

/**
 * What the watcher records of a Pod that asks for an EIP, for the tests of whatever reads such facts. Unless
 * `facts` say otherwise it asks with `{}`, is not placed on a Node, and nobody owns it.
 */
export function podObserved({
  claim,
  podUid,
  ...facts
}: Pick<EventData['PodObserved'], 'claim' | 'podUid'> &
  Partial<EventData['PodObserved']>): EventData['PodObserved'] {
  return {
    claim,
    podUid,
    resourceVersion: '1',
    request: { attributes: '{}' },
    hostNetwork: false,
    node: null,
    privateIp: null,
    controller: null,
    owner: null,
    terminating: false,
    createdAt: '2026-01-01T00:00:00Z',
    ...facts,
  }
}
