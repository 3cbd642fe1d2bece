import type { KubeObject } from '@pod-eip/kube'
import { deployments, statefulSets } from '@pod-eip/simulators/kube'
import type { Stage } from '../stage/stage.ts'
import type { Act } from './act.ts'
import { attributes, idList } from './resources.ts'

/** A workload of the story: its Pods keep their EIPs, or not. */
interface Workload {
  name: string
  kept: boolean
  /** Whether its Pods say to the scheduler that they need a slot. */
  withResource: boolean
  /** Whether each of its Pods has a network interface of its own. */
  exclusiveEni?: boolean
  /** Its Pods get EIPs of the user's: which of them its list names. */
  lists?: number[]
  /** Its Pods ask for no EIP. */
  asksNothing?: boolean
  /** Its Pods are numbered, though they keep nothing. */
  numbered?: boolean
}

const workloads: Workload[] = [
  { name: 'game', kept: true, withResource: true },
  { name: 'sip', kept: true, withResource: false },
  { name: 'crawler', kept: false, withResource: true },
  { name: 'egress', kept: false, withResource: false },
  { name: 'media', kept: true, withResource: true, exclusiveEni: true },
  { name: 'probe', kept: false, withResource: false, exclusiveEni: true },
  { name: 'partner', kept: true, withResource: true, lists: [0, 1] },
  { name: 'voip', kept: false, numbered: true, withResource: false, lists: [1, 2] },
  { name: 'scraper', kept: false, withResource: true, lists: [2, 3] },
  { name: 'door', kept: false, withResource: false, lists: [3] },
  { name: 'plain', kept: false, withResource: false, asksNothing: true },
]

const isNumbered = (w: Workload) => w.kept || w.numbered === true
const resourceOf = (w: Workload) => (isNumbered(w) ? statefulSets : deployments)
const exists = (stage: Stage, w: Workload) =>
  stage.kube.list(resourceOf(w), { namespace: 'default' }).items.some((o) => o.metadata.name === w.name)
const present = (stage: Stage) => workloads.filter((w) => exists(stage, w))

const create: Act = ({ stage, random, pick }) => {
  const w = pick(workloads.filter((x) => !exists(stage, x)))
  if (!w) return null
  const replicas = 1 + Math.floor(random.next() * 3)
  stage.kube.create(resourceOf(w), manifest(w, replicas, stage))
  return `create ${w.name} with ${replicas} replicas`
}

const scale: Act = ({ stage, random, pick }) => {
  const w = pick(present(stage))
  if (!w) return null
  const replicas = Math.floor(random.next() * 4)
  stage.kube.patch(resourceOf(w), 'default', w.name, { type: 'merge', body: { spec: { replicas } } })
  return `scale ${w.name} to ${replicas}`
}

const deleteWorkload: Act = ({ stage, random, pick }) => {
  const w = pick(present(stage))
  if (!w) return null
  const propagationPolicy = random.next() < 0.3 ? 'Foreground' : 'Background'
  stage.kube.delete(resourceOf(w), 'default', w.name, { propagationPolicy })
  return `delete ${w.name} in the ${propagationPolicy.toLowerCase()}`
}

const orphanPods: Act = ({ stage, pick }) => {
  const w = pick(present(stage))
  if (!w) return null
  stage.kube.delete(resourceOf(w), 'default', w.name, { propagationPolicy: 'Orphan' })
  return `delete ${w.name} and leave its Pods`
}

/** As people change what cannot be changed: the Pods stay and are taken over. */
const replaceAroundPods: Act = ({ stage, random, pick }) => {
  const w = pick(present(stage))
  if (!w) return null
  stage.kube.delete(resourceOf(w), 'default', w.name, { propagationPolicy: 'Orphan' })
  const replicas = 1 + Math.floor(random.next() * 3)
  stage.kube.create(resourceOf(w), manifest(w, replicas, stage))
  return `replace ${w.name} around its Pods by one with ${replicas} replicas`
}

const rollOut: Act = ({ stage, pick }) => {
  const w = pick(present(stage))
  if (!w) return null
  const revision = stage.kube.resourceVersion()
  const body = { spec: { template: { metadata: { labels: { revision } } } } }
  stage.kube.patch(resourceOf(w), 'default', w.name, { type: 'merge', body })
  return `roll out ${w.name}`
}

/** As `kubectl replace --force` does: what comes has the name of what goes, whose Pods are still there. */
const makeAgain: Act = ({ stage, random, pick, later }) => {
  const w = pick(present(stage))
  if (!w) return null
  const propagationPolicy = random.next() < 0.3 ? 'Foreground' : 'Background'
  stage.kube.delete(resourceOf(w), 'default', w.name, { propagationPolicy })
  const replicas = 1 + Math.floor(random.next() * 3)
  const again = () => void stage.kube.create(resourceOf(w), manifest(w, replicas, stage))
  const ms = random.next() < 0.5 ? 0 : random.next() * 8_000
  if (ms === 0 && !exists(stage, w)) again()
  else later(ms, again)
  return `delete ${w.name} in the ${propagationPolicy.toLowerCase()} and make it again ${(ms / 1000).toFixed(1)} s later, with ${replicas} replicas`
}

/** The Pods of a workload go, and their EIPs are kept for a time. */
const letBeKept: Act = ({ stage, plane, pick }) => {
  const w = pick(present(stage).filter(({ kept }) => kept))
  if (!w || plane.settings.claimExpiredMs === null) return null
  stage.kube.patch(resourceOf(w), 'default', w.name, { type: 'merge', body: { spec: { replicas: 0 } } })
  return `scale ${w.name} to 0, so that its EIPs are kept for a time`
}

/** A Pod comes back at the very moment at which the EIP that was kept for it expires. */
const returnAtExpiry: Act = (surroundings) => {
  const { stage, plane, random, pick, later } = surroundings
  const expiring = [...plane.models.world.claims.values()].filter(({ retained }) => retained?.until)
  const claim = pick(expiring.map(({ key }) => key))
  if (claim === undefined) return letBeKept(surroundings)
  const until = plane.models.world.claims.get(claim)?.retained?.until
  const [name, number] = claim.split('/')[1]?.split(/-(?=[^-]*$)/) ?? []
  const w = workloads.find((x) => x.name === name)
  if (!w || !until) return null
  const aside = Math.round((random.next() * 2 - 1) ** 3 * 3_000)
  const replicas = Number(number) + 1
  later(Date.parse(until) - stage.clock.now() + aside, () => {
    const body = { spec: { replicas } }
    if (exists(stage, w)) stage.kube.patch(resourceOf(w), 'default', w.name, { type: 'merge', body })
    else stage.kube.create(resourceOf(w), manifest(w, replicas, stage))
  })
  const when = aside < 0 ? 'before' : 'after'
  return `Pod ${name}-${number} comes back ${Math.abs(aside / 1000).toFixed(1)} s ${when} its EIP expires`
}

/** Workloads are created, scaled, rolled out and deleted. */
export const workloadActs: readonly Act[] = [
  create,
  scale,
  deleteWorkload,
  orphanPods,
  replaceAroundPods,
  makeAgain,
  returnAtExpiry,
  rollOut,
]

function manifest(w: Workload, replicas: number, stage: Stage): KubeObject {
  const slot = w.withResource ? { 'tke.cloud.tencent.com/eip': '1' } : {}
  return {
    apiVersion: 'apps/v1',
    kind: isNumbered(w) ? 'StatefulSet' : 'Deployment',
    metadata: { name: w.name, namespace: 'default' },
    spec: {
      replicas,
      ...(isNumbered(w) && { serviceName: '', podManagementPolicy: 'Parallel' }),
      selector: { matchLabels: { app: w.name } },
      template: {
        metadata: {
          labels: { app: w.name },
          annotations: {
            'tke.cloud.tencent.com/networks': w.exclusiveEni ? 'tke-direct-eni' : 'tke-route-eni',
            ...(w.lists && { [idList]: w.lists.map((i) => stage.listedEips[i]).join(',') }),
            ...(!w.lists && !w.asksNothing && { [attributes]: '{"Bandwidth":"10"}' }),
            ...(w.kept && { 'tke.cloud.tencent.com/eip-claim-delete-policy': 'Never' }),
          },
        },
        spec: {
          terminationGracePeriodSeconds: 5,
          containers: [{ name: 'main', image: 'busybox', resources: { requests: slot, limits: slot } }],
        },
      },
    },
  }
}
