/** The word of an operator about the cluster as a whole; appended by eipctl, its name by the service that starts first. */
export interface TeardownEvents {
  /** The id, of the settings, that marks the EIPs of this log in the cloud. Recorded once: the first word counts. */
  ClusterNamed: { clusterId: string }
  /** All that the cluster created is to be given back, whether its Pods live or not, and nothing is created any more. */
  TeardownOrdered: { cluster: string; by: string }
  /** The order is taken back: Pods that live get EIPs again. What was given back meanwhile stays given back. */
  TeardownCancelled: { cluster: string; by: string }
}
