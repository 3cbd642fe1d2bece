export type { NetworkHooks, NetworkState, NodeNetworkChange, PodNetworkChange } from './driver/network.ts'
export {
  exitAfterAnnotation,
  exitCodeAnnotation,
  type KubeletConfig,
  kubeletAnnotation,
} from './kubelet/config.ts'
export { eniCidrAnnotation, eniIdAnnotation, type NodeNetwork } from './kubelet/node-network.ts'
export { makeTkeNode, type TkeNodeOptions } from './node/tke-node.ts'
