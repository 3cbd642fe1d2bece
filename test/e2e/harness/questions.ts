import type { Claim } from '@pod-eip/domain'
import type { RecordedEvent } from '@pod-eip/event-log'
import { eipClaims, events, type HttpCluster, type KubeObject, pods } from '@pod-eip/kube'
import type { Eipctl } from './commands.ts'

/** What tests ask again and again, of the cluster and of the log. Names are in the namespace `default`. */
export interface Questions {
  pod(name: string): Promise<KubeObject | null>
  pods(labelSelector?: string): Promise<KubeObject[]>
  eipClaim(name: string): Promise<KubeObject | null>
  eipClaims(): Promise<KubeObject[]>
  /** A condition of an EIPClaim; empty while there is none. */
  condition(name: string, type: string): Promise<{ status?: string; reason?: string; message?: string }>
  /** `Kind Type Reason` of each Kubernetes Event about the name. */
  kubeEvents(name: string): Promise<string[]>
  /** The claims as the log has them. */
  claims(...args: string[]): Promise<Claim[]>
  /** Whole events of the log, of one claim when it is named. */
  logged(claim?: string): Promise<RecordedEvent[]>
}

const namespace = 'default'

export function createQuestions(deps: { client: HttpCluster; eipctl: Eipctl }): Questions {
  const { client, eipctl } = deps
  const print = async (...args: string[]) => {
    const { stdout, stderr, exitCode } = await eipctl(...args)
    if (exitCode !== 0) throw new Error(`eipctl ${args.join(' ')}: ${stderr}`)
    return stdout
  }
  const eipClaim = (name: string) => client.get(eipClaims, namespace, name)
  return {
    eipClaim,
    pod: (name) => client.get(pods, namespace, name),
    pods: async (labelSelector) =>
      (await client.list(pods, { namespace, ...(labelSelector !== undefined && { labelSelector }) })).items,
    eipClaims: async () => (await client.list(eipClaims, { namespace })).items,
    async condition(name, type) {
      const conditions: { type: string }[] = (await eipClaim(name))?.status?.conditions ?? []
      return conditions.find((condition) => condition.type === type) ?? {}
    },
    async kubeEvents(name) {
      const { items } = await client.list(events, { namespace })
      return items
        .filter(({ involvedObject }) => involvedObject.name === name)
        .map(({ involvedObject, type, reason }) => `${involvedObject.kind} ${type} ${reason}`)
    },
    claims: async (...args) => JSON.parse(await print('claims', '-o', 'json', ...args)),
    logged: async (claim) =>
      (await print('events', '-o', 'json', ...(claim ? ['--claim', claim] : [])))
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line)),
  }
}
