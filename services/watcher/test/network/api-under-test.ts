import type { HttpCluster } from '@pod-eip/kube'

/** An API server that the same scenarios can be played on. */
export interface ApiUnderTest {
  /** For the proxy. */
  server: string
  ca?: string
  token: string
  /** The way of everybody else, who sees nothing of what the proxy does. */
  admin: HttpCluster
  /** Takes the API server down and brings it up again, at the same address. */
  restart(whileDown?: () => Promise<void>): Promise<void>
  /** Compacts the history: watches from any resourceVersion before this, and pages of older lists, are answered 410. */
  compact(): Promise<void>
  stop(): Promise<void>
}
