/** The word of an operator about the cluster as a whole; appended by eipctl. */
export interface TeardownEvents {
  /** All that the cluster created is to be given back, whether its Pods live or not, and nothing is created any more. */
  TeardownOrdered: { cluster: string; by: string }
  /** The order is taken back: Pods that live get EIPs again. What was given back meanwhile stays given back. */
  TeardownCancelled: { cluster: string; by: string }
}
