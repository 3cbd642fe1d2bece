import type { Claim } from '@pod-eip/domain'

/** What the commands depend on. */
export interface Setting {
  simulated: boolean
  /** Where this start keeps its data. */
  dir: string
}

interface Step {
  command: string
  why: string
}

/** How each program is called here. */
interface Programs {
  kubectl: string
  eipctl: string
}

/** What to try next, with the names and addresses that are there: each command works as it is printed. */
export function nextSteps(claims: Claim[], setting: Setting, columns: number): string[] {
  const programs = programsOf(setting)
  const steps = [
    { command: `${programs.kubectl} get eipc -A -o wide`, why: 'the claims as the cluster shows them' },
    ...(claims.length === 0 ? firstSteps(programs) : stepsWith(claims, programs, setting)),
  ]
  const width = Math.max(...steps.map(({ command }) => command.length))
  return [
    'Try next, in another terminal:',
    ...steps.map(({ command, why }) => withReason(command, why, width, columns)),
    'Ctrl-C stops; the next start goes on from here (npm start -- --fresh begins anew).',
  ]
}

function programsOf({ simulated, dir }: Setting): Programs {
  const where = dir === '.pod-eip' ? '' : `POD_EIP_DIR=${/[^\w./-]/.test(dir) ? `'${dir}'` : dir} `
  return {
    kubectl: simulated ? `${where}npm run kubectl --` : 'kubectl',
    eipctl: `${where}npm run eipctl --`,
  }
}

function firstSteps({ kubectl }: Programs): Step[] {
  const command = `${kubectl} apply -f docs/examples/statefulset-static-eip.yaml`
  return [{ command, why: 'two Pods with an EIP of their own each' }]
}

function stepsWith(claims: Claim[], { kubectl, eipctl }: Programs, { simulated }: Setting): Step[] {
  const held = claims.find((claim) => claim.phase === 'Bound' && claim.binding?.boundAt)
  const kept = claims.filter((claim) => claim.terms?.static)
  return [
    ...(simulated ? workloadSteps(kept, kubectl) : []),
    { command: `${eipctl} history ${(held ?? claims[0]!).key}`, why: 'all that happened to a claim' },
    ...(held ? [whoStep(held, eipctl)] : []),
    { command: `${eipctl} events --follow`, why: 'the event log as it grows' },
  ]
}

/** The life of a static claim: its Pod goes and comes, its set shrinks, the claim is deleted. */
function workloadSteps(kept: Claim[], kubectl: string): Step[] {
  const bound = kept.find((claim) => claim.phase === 'Bound')
  const retained = kept.find((claim) => claim.phase === 'Retained')
  const last = kept.findLast((claim) => claim.phase === 'Bound' && memberOf(claim))
  const member = last && memberOf(last)
  return [
    ...(bound
      ? [
          { command: `${kubectl} describe eipc ${target(bound)}`, why: 'how it stands, and why' },
          { command: `${kubectl} delete pod ${target(bound)}`, why: 'the next Pod takes the address back' },
        ]
      : []),
    ...(last && member && !retained
      ? [
          {
            command: `${kubectl} scale sts ${inNamespace(last, member.set)} --replicas=${member.ordinal}`,
            why: `the EIP of ${nameOf(last)} is retained …`,
          },
        ]
      : []),
    ...(retained
      ? [{ command: `${kubectl} delete eipc ${target(retained)}`, why: 'a retained EIP is given back' }]
      : []),
  ]
}

function whoStep(held: Claim, eipctl: string): Step {
  // A second after it was bound: the same moment whenever this is printed.
  const at = new Date(Math.ceil(Date.parse(held.binding!.boundAt) / 1000) * 1000 + 1000)
  const time = at.toISOString().replace('.000Z', 'Z')
  const command = `${eipctl} who ${held.address!.publicIp} --at ${time}`
  return { command, why: 'who held the address then' }
}

/** The StatefulSet that a Pod's name speaks of. */
function memberOf(claim: Claim): { set: string; ordinal: number } | null {
  const found = /^(.+)-(\d+)$/.exec(nameOf(claim))
  return found ? { set: found[1]!, ordinal: Number(found[2]) } : null
}

function nameOf({ key }: Claim): string {
  return key.slice(key.indexOf('/') + 1)
}

function target(claim: Claim): string {
  return inNamespace(claim, nameOf(claim))
}

function inNamespace({ key }: Claim, name: string): string {
  const namespace = key.slice(0, key.indexOf('/'))
  return namespace === 'default' ? name : `${name} -n ${namespace}`
}

/** The reason as a comment, where the line has room for it. */
function withReason(command: string, why: string, width: number, columns: number): string {
  const line = `  ${command.padEnd(width)}  # ${why}`
  return line.length <= columns ? line : `  ${command}`
}
