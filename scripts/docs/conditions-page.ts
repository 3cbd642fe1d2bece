import { type ClassifiedCode, type CloudErrorClass, classifyErrorCode } from '@pod-eip/cloud'
import {
  type CloudCode,
  type CodeNote,
  claimPhases,
  cloudCodes,
  conditionReasons,
  eventReasons,
  type GoesOn,
  isMendedInAccount,
  type OwnCode,
  ownCodes,
  phaseNotes,
  reasonWord,
} from '@pod-eip/domain'

/** The page `docs/conditions.md`, whole: what each phase, reason and Event of a claim means, from the code itself. */
export function conditionsPage(): string {
  return [
    '# Phases, reasons, Events',
    '<!-- Written by `npm run docs` from packages/domain/src/status/reasons: change it there. -->',
    introduction,
    '## Phases',
    table(
      ['phase', 'means', 'what comes next'],
      claimPhases.map((phase) => [code(phase), phaseNotes[phase].means, phaseNotes[phase].next]),
    ),
    '## Reasons of conditions',
    table(
      ['reason', 'means', 'what to do', 'goes on'],
      Object.entries(conditionReasons).map(([reason, note]) => [
        code(reason),
        note.means,
        note.todo,
        goesOn[note.goesOn],
      ]),
    ),
    '## Reasons that pod-eip finds itself while it calls the cloud',
    table(
      ['reason', 'means', 'what to do', 'goes on'],
      keysOf(ownCodes).map((own) => codeRow(own, ownCodes[own], goesOn['by itself'])),
    ),
    "## Tencent Cloud's error codes",
    codesIntroduction,
    ...classes.flatMap((group) => [
      `### ${group.title}`,
      group.says,
      table(
        ['code', 'reason', 'means', 'what to do', 'goes on'],
        codesOf(group.class).map((known) => [
          code(known),
          ...codeRow(known, cloudCodes[known], codeGoesOn(known)),
        ]),
      ),
    ]),
    '## Reasons of Kubernetes Events',
    'On the Pod, on its EIPClaim, or on both; those of [egress](egress.md) that say so on the ConfigMap. Each turn is told once; a refusal again only when its reason changes.',
    table(
      ['reason', 'means'],
      keysOf(eventReasons).map((reason) => [code(reason), eventReasons[reason]]),
    ),
  ]
    .join('\n\n')
    .concat('\n')
}

const introduction = `Where a claim stands is its phase (\`kubectl get eipc\`); why, and what to do about it, say its conditions (\`kubectl describe eipc\`): \`Accepted\`, \`Allocated\`, \`Bound\`, and \`Ready\`: \`True\` while the EIP is bound, else with the words of the first of them that is \`False\`; and, once a NAT gateway was seen to come before the EIP, [\`EgressThroughEip\`](egress.md). \`npm run eipctl -- explain default/busybox-0\` tells a claim's whole story in sentences.`

const codesIntroduction =
  'A refusal by the cloud is a reason too: its code without dots. The message quotes Tencent Cloud, names its RequestId and says when it is tried again. A code stands for those that begin with it and a dot as well. One that is not here is shown with the words of Tencent Cloud and tried again like a quota.'

const goesOn: Record<GoesOn, string> = {
  settled: 'nothing waits',
  'by itself': 'by itself',
  'after a change': 'after a change of the annotations, or with a new Pod',
}

/** The classes of error codes in the order of the page; a class that is not here does not compile. */
const classTexts: Record<CloudErrorClass, { title: string; says: string } | null> = {
  'back-off': {
    title: 'Somebody has to act',
    says: 'A quota, arrears, a block: tried again by itself after half a minute, then ever more rarely, at least every ten minutes.',
  },
  terminal: {
    title: 'Refused',
    says: 'The same call can never work. An allocation or a binding is given up until the request changes; a permission or a key is mended in the account, so those are tried again by themselves; unbinding and releasing are tried for ever.',
  },
  'retry-soon': {
    title: 'Busy',
    says: 'Tried again within seconds, at least every half minute; shown only when it lasts.',
  },
  'describe-again': {
    title: 'Not as it was',
    says: 'pod-eip looks again and decides by what it sees, at least every 15 seconds; shown only when it lasts.',
  },
  gone: {
    title: 'Gone',
    says: 'What is to be released is released already. An EIP that was to be bound is replaced by another one.',
  },
  // No answer of the cloud has this class.
  'no-answer': null,
}

const classes = keysOf(classTexts).flatMap((name) => {
  const text = classTexts[name]
  return text ? [{ class: name, ...text }] : []
})

/** Every code is in both lists, that of the classes and that of the sentences, or this does not compile. */
const classified: Record<ClassifiedCode, CodeNote> = cloudCodes
const explained: readonly ClassifiedCode[] = keysOf(cloudCodes) satisfies CloudCode[]

function codesOf(wanted: CloudErrorClass): ClassifiedCode[] {
  return explained.filter((known) => classifyErrorCode(known) === wanted && known in classified)
}

/** Final refusals that are tried again all the same: a release is never given up, a failed delivery is ordered anew. */
const triedAgain: ClassifiedCode[] = [
  'OperationDenied.AddressDeletionProtectionEnabled',
  'UnsupportedOperation.DeliveryFailed',
]

function codeGoesOn(known: ClassifiedCode): string {
  const again =
    classifyErrorCode(known) !== 'terminal' || isMendedInAccount(known) || triedAgain.includes(known)
  return again ? goesOn['by itself'] : goesOn['after a change']
}

function codeRow(name: ClassifiedCode | OwnCode, note: CodeNote, goes: string): string[] {
  return [code(reasonWord(name)), note.why, note.todo, goes]
}

function keysOf<T extends object>(record: T): (keyof T)[] {
  return Object.keys(record) as (keyof T)[]
}

function code(text: string): string {
  return `\`${text}\``
}

function table(head: string[], rows: string[][]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
