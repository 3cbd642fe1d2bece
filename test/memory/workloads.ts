import type { KubeObject } from '@pod-eip/kube'
import { workloadManifest } from '../e2e/harness/manifests.ts'

/** Pods of one workload. */
const size = 100

/** Deployments and, every other one, StatefulSets that keep their EIPs, of so many Pods altogether. */
export function workloads(pods: number): KubeObject[] {
  return Array.from({ length: Math.ceil(pods / size) }, (_, i) => {
    const replicas = Math.min(size, pods - i * size)
    const isStatic = i % 2 === 1
    const workload = workloadManifest(isStatic ? 'StatefulSet' : 'Deployment', `games-${i}`, replicas, {
      isStatic,
    })
    return fillOut(workload)
  })
}

/** Pods as large as they are in clusters that are in use, some 7 kB: what a list carries counts. */
function fillOut(workload: KubeObject): KubeObject {
  const { template } = workload.spec
  const [main] = template.spec.containers
  const container = (name: string) => ({
    ...main,
    name,
    image: `registry.example.com/games/${name}:1.27.3-20260101-a1b2c3d`,
    args: [`--config=/etc/${name}/config.yaml`, '--log-format=json', '--listen=0.0.0.0:7777'],
    env: Array.from({ length: 24 }, (_, i) => ({
      name: `GAME_SETTING_NUMBER_${i}`,
      value: `a value of the usual length, number ${i}`,
    })),
    livenessProbe: { httpGet: { path: '/healthz', port: 8080 }, periodSeconds: 10, failureThreshold: 6 },
    readinessProbe: { httpGet: { path: '/readyz', port: 8080 }, periodSeconds: 5 },
    volumeMounts: [
      { name: 'config', mountPath: `/etc/${name}`, readOnly: true },
      { name: 'scratch', mountPath: '/var/scratch' },
    ],
  })
  const { resources: _, ...sidecar } = container('telemetry')
  const spec = {
    ...template.spec,
    containers: [container('server'), sidecar],
    volumes: [
      { name: 'config', configMap: { name: 'games-config' } },
      { name: 'scratch', emptyDir: {} },
    ],
    tolerations: [{ key: 'pool', operator: 'Equal', value: 'games', effect: 'NoSchedule' }],
  }
  return { ...workload, spec: { ...workload.spec, template: { ...template, spec } } }
}
