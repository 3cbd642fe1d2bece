import type { KubeObject } from '@pod-eip/kube'

/** Fills in what the API server fills in, in a Pod or a template. */
export function setPodSpecDefaults(spec: KubeObject['spec']): void {
  spec.restartPolicy ??= 'Always'
  spec.terminationGracePeriodSeconds ??= 30
  spec.dnsPolicy ??= 'ClusterFirst'
  spec.schedulerName ??= 'default-scheduler'
  spec.securityContext ??= {}
  const { containers = [], initContainers = [], ephemeralContainers = [] } = spec
  for (const container of [...containers, ...initContainers, ...ephemeralContainers]) {
    container.resources ??= {}
    container.imagePullPolicy ??= pullPolicy(container.image)
    container.terminationMessagePath ??= '/dev/termination-log'
    container.terminationMessagePolicy ??= 'File'
  }
}

/** A Pod asks for what it may have at most, where it says nothing else; a template does not. */
export function setRequests(spec: KubeObject['spec']): void {
  for (const container of [...(spec.containers ?? []), ...(spec.initContainers ?? [])]) {
    const { limits } = container.resources ?? {}
    if (limits) container.resources.requests = { ...limits, ...container.resources.requests }
  }
}

function pullPolicy(image: string | undefined): string {
  const tag = /:([^:/]+)$/.exec(image ?? '')?.[1]
  return tag === undefined || tag === 'latest' ? 'Always' : 'IfNotPresent'
}
