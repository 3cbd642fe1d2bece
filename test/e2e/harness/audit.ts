import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ServiceName } from './services.ts'

/** One request of a service, as the API server's audit log has it. */
export interface AuditedRequest {
  service: ServiceName
  /** As RBAC words it: `patch eipclaims.networking.tke.cloud.tencent.com/status`. */
  right: string
  code: number
  /** The service has no such right. That a namespace is going is another 403. */
  forbidden: boolean
}

interface AuditEvent {
  verb: string
  user: { username: string }
  objectRef?: { apiGroup?: string; resource: string; subresource?: string }
  responseStatus?: { code?: number }
  annotations?: Record<string, string>
}

const account = 'system:serviceaccount:pod-eip:pod-eip-'

/** Lets an API server write down what the services ask of it. */
export async function writeAuditPolicy(dir: string): Promise<{ flags: Record<string, string>; log: string }> {
  const [policy, log] = [join(dir, 'audit-policy.json'), join(dir, 'audit.log')]
  const rules = [
    { level: 'Metadata', userGroups: ['system:serviceaccounts:pod-eip'], omitStages: ['RequestReceived'] },
    { level: 'None' },
  ]
  await writeFile(policy, JSON.stringify({ apiVersion: 'audit.k8s.io/v1', kind: 'Policy', rules }))
  const flags = { 'audit-policy-file': policy, 'audit-log-path': log, 'audit-log-mode': 'blocking' }
  return { flags, log }
}

/** Reads what the services have asked from now on. */
export async function auditFrom(log: string): Promise<() => Promise<AuditedRequest[]>> {
  const linesOf = async () => (await readFile(log, 'utf8').catch(() => '')).split('\n').filter(Boolean)
  const before = (await linesOf()).length
  return async () =>
    (await linesOf()).slice(before).flatMap((line) => requestsOf(JSON.parse(line) as AuditEvent))
}

function requestsOf({ verb, user, objectRef, responseStatus, annotations }: AuditEvent): AuditedRequest[] {
  if (!objectRef || !user.username.startsWith(account)) return []
  const { apiGroup, resource, subresource } = objectRef
  const what = `${resource}${apiGroup ? `.${apiGroup}` : ''}${subresource ? `/${subresource}` : ''}`
  const code = responseStatus?.code ?? 0
  // A patch that makes an object wants the right to create it, too.
  const verbs = verb === 'patch' && code === 201 ? ['patch', 'create'] : [verb]
  const service = user.username.slice(account.length) as ServiceName
  const forbidden = annotations?.['authorization.k8s.io/decision'] === 'forbid'
  return verbs.map((used) => ({ service, right: `${used} ${what}`, code, forbidden }))
}
