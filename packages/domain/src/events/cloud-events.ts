import type { ForeignAddress } from '../node/node.ts'

/** Seen in the cloud without being asked for by an intent; appended by the worker. */
export interface CloudEvents {
  /** The EIPs on a node's CVM that are not ours. Counts only while the Node is that CVM. */
  NodeAddressesCounted: { node: string; instanceId: string; foreign: ForeignAddress[] }
}
