import type { KubeObject } from '@pod-eip/kube'

/** Fills in what the API server fills in, in a Pod or a template. */
export function setPodSpecDefaults(spec: KubeObject['spec']): void {
  spec.restartPolicy ??= 'Always'
  spec.terminationGracePeriodSeconds ??= 30
  spec.dnsPolicy ??= 'ClusterFirst'
  spec.schedulerName ??= 'default-scheduler'
  spec.securityContext ??= {}
  for (const container of [...(spec.containers ?? []), ...(spec.initContainers ?? [])]) {
    container.resources ??= {}
    container.imagePullPolicy ??= pullPolicy(container.image)
    container.terminationMessagePath ??= '/dev/termination-log'
    container.terminationMessagePolicy ??= 'File'
  }
}

function pullPolicy(image: string | undefined): string {
  const tag = /:([^:/]+)$/.exec(image ?? '')?.[1]
  return tag === undefined || tag === 'latest' ? 'Always' : 'IfNotPresent'
}
