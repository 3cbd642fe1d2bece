import type { KubeObject } from '@pod-eip/kube'

const asks = { 'tke.cloud.tencent.com/eip-attributes': '{"Bandwidth":"100","ISP":"BGP"}' }

/**
 * A Pod as large as Pods of real workloads are: about 9 KB of JSON once a real API server has added its defaults and
 * `managedFields` to it.
 */
export function fullPod(i: number, asksForEip: boolean): KubeObject {
  const env = Array.from({ length: 30 }, (_, n) => ({
    name: `SETTING_OF_THE_WORKLOAD_${n}`,
    value: `a value that is about as long as those of settings are ${i}`,
  }))
  const probe = { httpGet: { path: '/healthz', port: 8080 }, periodSeconds: 10 }
  const container = (name: string) => ({
    name,
    image: `registry.example.com/games/${name}:1.27.3`,
    args: ['--listen=0.0.0.0:8080', '--config=/etc/workload/config.yaml', '--log-level=info'],
    ...{ env, livenessProbe: probe, readinessProbe: probe },
    ports: [{ name: 'http', containerPort: 8080 }],
    resources: { requests: { cpu: '500m', memory: '512Mi' }, limits: { cpu: '1', memory: '1Gi' } },
    volumeMounts: [{ name: 'config', mountPath: '/etc/workload' }],
  })
  return {
    metadata: {
      name: `web-${i}`,
      namespace: 'default',
      labels: { app: 'web', 'pod-template-hash': '5d59d67564', 'apps.kubernetes.io/pod-index': String(i) },
      annotations: {
        'example.com/what-other-tools-write': 'x'.repeat(500),
        ...(asksForEip ? asks : {}),
      },
    },
    spec: {
      // Nobody plays the kubelet: a deletion takes effect at once.
      terminationGracePeriodSeconds: 0,
      nodeName: `10.0.0.${1 + (i % 200)}`,
      containers: [container('web'), container('sidecar')],
      volumes: [{ name: 'config', configMap: { name: 'config' } }],
    },
  }
}
