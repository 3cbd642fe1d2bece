import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findAssets } from '@pod-eip/devstack/real-cluster'
import { eipClaimCrd, type KubeObject } from '@pod-eip/kube'
import { parseAllDocuments, stringify } from 'yaml'

const head =
  '# Written by `npm run manifests`: change the chart in infra/helm/pod-eip, or the code, instead.\n'
/** Set in a chart, left for the user to fill in where there is none. */
const asked = { POD_EIP_CLUSTER_ID: 'cls-example', TENCENTCLOUD_REGION: 'ap-example' }

/** The EIPClaim definition as the code has it, for who installs it before the publisher does. */
export function renderDefinition(): string {
  return head + stringify(eipClaimCrd, { aliasDuplicateObjects: false, lineWidth: 0 })
}

/**
 * The files that stand in the repository for who has no helm, by path: what the chart makes of its values as they
 * are, with its settings as a file to fill in.
 * @throws Error in one sentence when helm is not there
 */
export function renderManifests(root: string): Map<string, string> {
  const written = (file: string) => readFileSync(join(root, 'infra/manifests', file), 'utf8')
  const folders = ['', 'egress/', 'admission/refuse/', 'admission/add-resource/']
  const copied = ['namespace.yaml', ...folders.map((folder) => `${folder}kustomization.yaml`)].map(
    (file) =>
      [
        `infra/manifests-all-in-one/${file}`,
        written(file).replaceAll('infra/manifests', 'infra/manifests-all-in-one'),
      ] as const,
  )
  return new Map([
    ['infra/helm/pod-eip/crds/eipclaims.yaml', renderDefinition()],
    ...renderFolder(root, 'infra/manifests', 'separate'),
    ...renderFolder(root, 'infra/manifests-all-in-one', 'allInOne'),
    ...copied,
  ])
}

/** What `kubectl apply -k` takes, in one of the chart's modes; kustomization and namespace are the same in both. */
function renderFolder(root: string, folder: string, mode: 'separate' | 'allInOne'): [string, string][] {
  const objects = renderChart(root, [`mode=${mode}`])
  const added = (...values: string[]) => addedBy(root, mode, objects, values)
  const settings = objects.find(({ kind }) => kind === 'ConfigMap')
  const others = objects.filter((object) => object !== settings).map(withoutHelm)
  return [
    [`${folder}/eipclaims.yaml`, renderDefinition()],
    [`${folder}/settings.env`, settingsFile(settings?.data ?? {})],
    [`${folder}/pod-eip.yaml`, fileOf(others)],
    [`${folder}/egress/rights.yaml`, fileOf(added('egress.enabled=true'))],
    [`${folder}/admission/refuse/policy.yaml`, fileOf(added('admission.refuse.enabled=true'))],
    [`${folder}/admission/add-resource/policy.yaml`, fileOf(added('admission.addResource.enabled=true'))],
  ]
}

/** What the chart makes with more values than those that made the objects, and did not make before. */
function addedBy(root: string, mode: string, objects: KubeObject[], values: string[]): KubeObject[] {
  const named = new Set(objects.map(nameOf))
  return renderChart(root, [`mode=${mode}`, ...values])
    .filter((object) => !named.has(nameOf(object)))
    .map(withoutHelm)
}

function fileOf(objects: KubeObject[]): string {
  return head + objects.map((object) => stringify(object, { lineWidth: 0 })).join('---\n')
}

function nameOf({ kind, metadata }: KubeObject): string {
  return `${kind} ${metadata.name}`
}

function renderChart(root: string, more: string[]): KubeObject[] {
  const wanted = [`clusterId=${asked.POD_EIP_CLUSTER_ID}`, `cloud.region=${asked.TENCENTCLOUD_REGION}`]
  const values = [...wanted, ...more]
  const args = ['template', 'pod-eip', join(root, 'infra/helm/pod-eip'), '--namespace', 'pod-eip']
  const sets = values.flatMap((value) => ['--set', value])
  const text = execFileSync(findAssets(['helm'])('helm'), [...args, ...sets], { encoding: 'utf8' })
  return parseAllDocuments(text).flatMap((document) => document.toJS() ?? [])
}

/** kubectl made it, not helm; and kustomize names a changed ConfigMap anew, which restarts the Pods. */
function withoutHelm(object: KubeObject): KubeObject {
  const text = JSON.stringify(object, (key, value) =>
    key === 'app.kubernetes.io/managed-by' || key === 'pod-eip/settings' ? undefined : value,
  )
  const parsed = JSON.parse(text) as KubeObject
  const template = parsed.spec?.template?.metadata
  if (template?.annotations && Object.keys(template.annotations).length === 0) delete template.annotations
  return parsed
}

function settingsFile(data: Record<string, string>): string {
  const lines = Object.entries(data).map(([name, value]) => `${name}=${name in asked ? '' : value}`)
  const says =
    '# Name the cluster and its region. docs/operating.md says what each is, and which others there are.\n'
  return says + lines.map((line) => `${line}\n`).join('')
}
