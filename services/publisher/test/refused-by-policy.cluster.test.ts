import { type RealCluster, startRealCluster } from '@pod-eip/devstack/real-cluster'
import {
  createHttpCluster,
  ensureCrd,
  type HttpCluster,
  nodes,
  type Resource,
  staticAccess,
} from '@pod-eip/kube'
import { systemClock } from '@pod-eip/runtime'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { told } from './scenarios/fight.ts'
import { publicIp, soon } from './scenarios/scene.ts'
import { setStage } from './scenarios/stage.ts'

const admission = { group: 'admissionregistration.k8s.io', version: 'v1', namespaced: false }
const policies: Resource = {
  ...{ ...admission, plural: 'validatingadmissionpolicies', kind: 'ValidatingAdmissionPolicy' },
}
const bindings: Resource = {
  ...{ ...admission, plural: 'validatingadmissionpolicybindings', kind: 'ValidatingAdmissionPolicyBinding' },
}
const name = 'team-label'

let real: RealCluster
let cluster: HttpCluster

beforeAll(async () => {
  real = await startRealCluster({ apiServerFlags: { 'disable-admission-plugins': 'ServiceAccount' } })
  cluster = createHttpCluster({
    access: staticAccess({ server: real.server, token: real.token, tls: { ca: real.ca } }),
  })
  await ensureCrd(cluster)
})
afterAll(async () => {
  await cluster?.close()
  await real?.stop()
})

/** Somebody's policy for all that changes Pods and Nodes by the publisher's hand; resolves once it is in force. */
async function deny(): Promise<void> {
  await cluster.create(policies, {
    metadata: { name },
    spec: {
      failurePolicy: 'Fail',
      matchConstraints: {
        resourceRules: [
          {
            ...{ apiGroups: [''], apiVersions: ['v1'], operations: ['UPDATE'] },
            resources: ['pods', 'pods/status', 'nodes/status'],
          },
        ],
      },
      matchConditions: [
        {
          name: 'publisher',
          expression:
            "has(request.options.fieldManager) && request.options.fieldManager == 'pod-eip-publisher'",
        },
      ],
      validations: [
        { expression: "'team' in object.metadata.?labels.orValue({})", message: 'a label team is needed' },
      ],
    },
  })
  await cluster.create(bindings, {
    metadata: { name },
    spec: { policyName: name, validationActions: ['Deny'] },
  })
  await cluster.create(nodes, { metadata: { name: 'probe' } })
  const probe = () =>
    cluster.apply(
      nodes,
      { metadata: { name: 'probe' }, status: { capacity: { 'example.com/x': String(systemClock.now()) } } },
      { fieldManager: 'pod-eip-publisher', force: true, subresource: 'status' },
    )
  await expect.poll(() => probe().then(String, ({ message }) => message), soon).toMatch(/denied request/)
}

test('what a policy of the cluster refuses is told, and made up for soon after the policy has gone', async () => {
  await deny()
  const stage = setStage(cluster, systemClock)
  const { publisher } = stage.publish()
  const nodeUid = (await cluster.create(nodes, { metadata: { name: 'node-of-web' } })).metadata.uid!
  const gate = 'tke.cloud.tencent.com/eip-bound'
  const podUid = await stage.makePod('web', { readinessGates: [{ conditionType: gate }] })
  await stage.nodeSeen('node-of-web', nodeUid)
  await stage.podSeen('web', podUid)
  await stage.cloudDoes('web')
  await stage.cloudDoes('web')
  const events = () => stage.eventsOf('web')
  await expect
    .poll(events, soon)
    .toEqual(expect.arrayContaining(['Pod WriteRefused', 'EIPClaim WriteRefused']))
  await expect.poll(() => stage.eventsOf('node-of-web'), soon).toEqual(['Node WriteRefused'])
  expect((await stage.object('web'))?.status?.phase).toBe('Bound')
  await expect
    .poll(() => publisher.health(), soon)
    .toMatchObject({
      ready: true,
      refused: 3,
      refusal: expect.stringMatching(
        /^ValidatingAdmissionPolicy team-label refuses what .*: a label team is needed; it is tried again/,
      ),
    })
  expect(stage.warnings).toHaveLength(3)

  await cluster.delete(bindings, null, name)
  await cluster.delete(policies, null, name)
  const shown = async () => {
    const pod = await stage.pod('web')
    const condition = pod?.status?.conditions?.find(({ type }: { type: string }) => type === gate)
    const node = await cluster.get(nodes, null, 'node-of-web')
    return [
      pod?.metadata.annotations?.[publicIp],
      condition?.status,
      node?.status?.capacity?.['tke.cloud.tencent.com/eip'],
    ]
  }
  await expect
    .poll(shown, { timeout: 90_000, interval: 200 })
    .toEqual(['203.0.113.1', 'True', expect.any(String)])
  await expect.poll(() => publisher.health(), soon).toMatchObject({ failing: 0, refused: 0 })
  expect(await told({ stage }, 'web')).toEqual([])
  expect(await told({ stage }, 'node-of-web')).toEqual([])
  await stage.stop()
}, 240_000)
