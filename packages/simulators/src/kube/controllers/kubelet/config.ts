/** How fast the simulated kubelets are. Kubernetes counts in whole seconds, so these are rounded up to a second at most. */
export interface KubeletConfig {
  /** From binding to running containers. */
  startMs: number
  /** Added to `startMs`: between nothing and this much, by the Pod's uid. */
  startJitterMs: number
  /** From running to ready containers. */
  readyMs: number
  /** How long containers take to end; never longer than the Pod's grace period. */
  terminationMs: number
}

export const defaultKubeletConfig: KubeletConfig = {
  startMs: 1000,
  startJitterMs: 2000,
  readyMs: 1000,
  terminationMs: 2000,
}

/** On a Node: its kubelet has stopped answering (any value but `running`). */
export const kubeletAnnotation = 'sim.pod-eip/kubelet'

/** On a Pod: its containers end by themselves after this long, with that exit code (default 0). */
export const exitAfterAnnotation = 'sim.pod-eip/exit-after'
export const exitCodeAnnotation = 'sim.pod-eip/exit-code'
