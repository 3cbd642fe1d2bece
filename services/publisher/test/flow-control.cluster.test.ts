import { get } from 'node:https'
import { text } from 'node:stream/consumers'
import { type RealCluster, startRealCluster } from '@pod-eip/devstack/real-cluster'
import {
  createHttpCluster,
  eipClaims,
  ensureCrd,
  type HttpCluster,
  type Resource,
  staticAccess,
} from '@pod-eip/kube'
import { systemClock } from '@pod-eip/runtime'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { setStage } from './scenarios/stage.ts'

const claims = 60
const flowControl = { group: 'flowcontrol.apiserver.k8s.io', version: 'v1', namespaced: false }
const priorityLevels = of('prioritylevelconfigurations', 'PriorityLevelConfiguration')
const flowSchemas = of('flowschemas', 'FlowSchema')
const bindings: Resource = {
  ...{ group: 'rbac.authorization.k8s.io', version: 'v1', namespaced: false },
  ...{ plural: 'clusterrolebindings', kind: 'ClusterRoleBinding' },
}

let real: RealCluster
let admin: HttpCluster
let narrow: HttpCluster

function of(plural: string, kind: string): Resource {
  return { ...flowControl, plural, kind }
}

/** Who publishes may have one request at a time, and is refused any beside it. */
async function narrowDown(user: string): Promise<void> {
  const name = 'one-at-a-time'
  const subject = { kind: 'User', user: { name: user } }
  const everything = {
    verbs: ['*'],
    apiGroups: ['*'],
    resources: ['*'],
    clusterScope: true,
    namespaces: ['*'],
  }
  await admin.create(bindings, {
    metadata: { name },
    ...{ roleRef: { apiGroup: bindings.group, kind: 'ClusterRole', name: 'cluster-admin' } },
    ...{ subjects: [{ apiGroup: bindings.group, kind: 'User', name: user }] },
  })
  await admin.create(priorityLevels, {
    metadata: { name },
    spec: {
      type: 'Limited',
      limited: { nominalConcurrencyShares: 1, lendablePercent: 0, limitResponse: { type: 'Reject' } },
    },
  })
  await admin.create(flowSchemas, {
    metadata: { name },
    spec: {
      ...{ priorityLevelConfiguration: { name }, matchingPrecedence: 2 },
      rules: [{ subjects: [subject], resourceRules: [everything] }],
    },
  })
}

function metrics(): Promise<string> {
  const headers = { authorization: `Bearer ${real.token}` }
  return new Promise((resolve, reject) => {
    get(`${real.server}/metrics`, { ca: real.ca, headers }, (answer) => resolve(text(answer))).on(
      'error',
      reject,
    )
  })
}

/** How many requests of ours API Priority and Fairness has refused. */
async function refused(): Promise<number> {
  const lines = (await metrics()).matchAll(
    /^apiserver_flowcontrol_rejected_requests_total\{[^}]*one-at-a-time[^}]*\} (\d+)/gm,
  )
  return [...lines].reduce((sum, [, count]) => sum + Number(count), 0)
}

beforeAll(async () => {
  real = await startRealCluster({
    apiServerFlags: {
      'disable-admission-plugins': 'ServiceAccount',
      'max-requests-inflight': '10',
      'max-mutating-requests-inflight': '5',
    },
  })
  const as = (token: string) =>
    createHttpCluster({ access: staticAccess({ server: real.server, token, tls: { ca: real.ca } }) })
  admin = as(real.token)
  narrow = as(real.user.token)
  await ensureCrd(admin)
  await narrowDown(real.user.name)
})
afterAll(async () => {
  await narrow?.close()
  await admin?.close()
  await real?.stop()
})

test('a storm that API Priority and Fairness refuses in part comes to its end', async () => {
  const stage = setStage(narrow, systemClock)
  const names = Array.from({ length: claims }, (_, i) => `web-${i}`)
  for (const name of names) await stage.podSeen(name, `uid-of-${name}`, { node: null })
  const { publisher } = stage.publish()
  const phases = async () => {
    const shown = new Map((await admin.list(eipClaims)).items.map((object) => [object.metadata.name, object]))
    return names.map((name) => shown.get(name)?.status?.phase)
  }
  await expect
    .poll(phases, { timeout: 240_000, interval: 1_000 })
    .toEqual(names.map((name) => stage.claimOf(name).phase))
  await expect.poll(() => publisher.health().failing, { timeout: 60_000 }).toBe(0)
  expect(await refused()).toBeGreaterThan(0)
  await stage.stop()
})
