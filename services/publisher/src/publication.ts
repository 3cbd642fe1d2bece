import { type Claim, livePod, type ObjectRef } from '@pod-eip/domain'
import type { ReadModels } from '@pod-eip/read-models'
import type { SeenObject } from './claim-object/claim-object.ts'
import { namedOwner } from './claim-object/named-owner.ts'
import type { ObjectPublisher } from './claim-object/publish-object.ts'
import type { TellShownByOther } from './claim-object/shown-by-other.ts'
import type { Involved } from './kube-events/event-object.ts'
import type { EventPoster } from './kube-events/post-events.ts'
import type { NodePublisher } from './node/node-publisher.ts'
import type { ObjectCache } from './object-cache.ts'
import type { PodMarker } from './pod/mark-pod.ts'
import { createRefusals } from './refusals.ts'
import type { RefusedWrites } from './refused-writes.ts'
import type { Backlog } from './work-queue/backlog.ts'

export interface PublicationDeps {
  readModels: Pick<ReadModels, 'claim' | 'claims' | 'node' | 'nodes' | 'owner'>
  cache: ObjectCache<SeenObject>
  objects: ObjectPublisher
  pods: PodMarker
  events: EventPoster
  refused: RefusedWrites
  nodes: NodePublisher
  backlog: Backlog
  eipClaims: EipClaimsServed
  tellShownByOther: TellShownByOther
  /** EIPClaims name the workload that they go with. */
  cascade: boolean
  /** An owner has ended: the objects of these claims must not name it any more. */
  onOwnerEnded: (streams: string[]) => void
}

/** Whether the API server serves EIPClaims. */
export interface EipClaimsServed {
  /** They were listed: what there is of them is known. */
  listed(): boolean
  /** New ones can be made. */
  takesNew(): boolean
}

/** What is published, by stream of the log: `claim/<namespace>/<name>`, `node/<name>`, `owner/<uid>`. */
export interface Publication {
  /** Brings everything that shows a claim or a Node in line with the read models. Safe to repeat. */
  publish(stream: string): Promise<void>
  /** Streams that show something else than they should, by a comparison of everything. */
  outOfLine(): Promise<string[]>
  /** Streams whose EIPClaims wait until they are served; all else of them is published. */
  waiting(): string[]
}

export const claimStream = (key: string): string => `claim/${key}`
export const nodeStream = (name: string): string => `node/${name}`
const ownerStream = (uid: string): string => `owner/${uid}`
/** Whether the stream is one of those. */
export const isPublished = (stream: string): boolean => /^(claim|node|owner)\//.test(stream)

export function createPublication(deps: PublicationDeps): Publication {
  const { readModels, cache, objects, pods, events, refused, nodes, backlog, cascade, onOwnerEnded } = deps
  const { eipClaims, tellShownByOther } = deps
  const waiting = new Set<string>()

  async function ownerNamedBy(claim: Claim | null): Promise<ObjectRef | null> {
    if (!cascade || !claim?.owner) return null
    return namedOwner(claim, await readModels.owner(claim.owner.uid), cascade)
  }

  async function publishClaim(key: string): Promise<void> {
    const untold = [...backlog.of(claimStream(key))]
    const claim = await readModels.claim(key)
    const open = isOpen(claim)
    const owner = await ownerNamedBy(claim)
    // What somebody does not let pass holds nothing else up.
    const refusals = createRefusals()
    // The Pod first: its readiness may wait for it.
    if (claim) await refusals.during(() => pods.mark(claim))
    const waits = !eipClaims.listed() || (open && !eipClaims.takesNew() && !cache.get(key))
    if (waits) waiting.add(claimStream(key))
    else waiting.delete(claimStream(key))
    const show = () => refusals.during(() => objects.publish(key, claim, owner))
    // What the API server has against the object is no reason to tell nothing.
    const failure = open && !waits ? await failureOf(show) : null
    if (open) await events.tellOfPredecessor(claim)
    await tellShownByOther(key, open ? claim : null, cache.get(key))
    // An object that is about to go is told its end first, and one that has just come its beginning after.
    for (const event of untold) await events.post(key, event, claim, uidOfOurs(cache.get(key)))
    if (untold.length > 0) backlog.told(claimStream(key), untold.at(-1)!.position)
    if (failure) throw failure.error
    if (!open && !waits) await refusals.during(() => objects.publish(key, claim, null))
    await refused.settle(key, shownTo(claim))
    if (waits) return refusals.raise()
    const stray = open ? null : cache.get(key)
    if (stray && !stray.ours && stray.heldBy === '' && !stray.deleting)
      await events.warnOfStray(key, stray.uid)
    // What is refused may stay so for weeks: it is found again by the comparison of everything.
    backlog.shown(claimStream(key))
    refusals.raise()
  }

  /** Where people look who miss something of the claim. */
  function shownTo(claim: Claim | null): Involved[] {
    const pod = claim && livePod(claim)
    const object = claim && cache.get(claim.key)
    return [
      ...(object?.heldBy === '' ? [{ kind: 'EIPClaim', uid: object.uid } as const] : []),
      ...(pod ? [{ kind: 'Pod', uid: pod.uid } as const] : []),
    ]
  }

  async function publishNode(name: string): Promise<void> {
    const seen = backlog.of(nodeStream(name)).at(-1)
    const refusals = createRefusals()
    await refusals.during(async () => nodes.publish(await readModels.node(name)))
    const uid = nodes.uidOf(name)
    await refused.settle(name, uid === null ? [] : [{ kind: 'Node', uid }])
    if (seen) backlog.done(nodeStream(name), seen.position)
    refusals.raise()
  }

  async function publishOwnerEnd(uid: string): Promise<void> {
    const end = backlog.of(ownerStream(uid)).at(-1)
    const claims = cascade ? await readModels.claims({ owner: uid, open: true }) : []
    onOwnerEnded(claims.map((claim) => claimStream(claim.key)))
    if (end) backlog.done(ownerStream(uid), end.position)
  }

  async function differing(claims: Claim[]): Promise<Claim[]> {
    const wrong: Claim[] = []
    for (const claim of claims) {
      const owner = await ownerNamedBy(claim)
      if (objects.differs(claim.key, claim, owner) || pods.differs(claim)) wrong.push(claim)
    }
    return wrong
  }

  return {
    publish: (stream) => {
      const slash = stream.indexOf('/')
      const key = stream.slice(slash + 1)
      switch (stream.slice(0, slash)) {
        case 'node':
          return publishNode(key)
        case 'owner':
          return publishOwnerEnd(key)
        default:
          return publishClaim(key)
      }
    },
    async outOfLine() {
      const claims = await readModels.claims({ open: true })
      const open = new Set(claims.map((claim) => claim.key))
      const unexplained = cache.all().filter((seen) => seen.heldBy === '' && !open.has(seen.key))
      const wrongNodes = (await readModels.nodes()).filter((node) => nodes.differs(node))
      return [
        ...(await differing(claims)).map((claim) => claimStream(claim.key)),
        ...unexplained.map((seen) => claimStream(seen.key)),
        ...wrongNodes.map((node) => nodeStream(node.name)),
      ]
    },
    waiting: () => [...waiting],
  }
}

async function failureOf(call: () => Promise<void>): Promise<{ error: unknown } | null> {
  try {
    await call()
    return null
  } catch (error) {
    return { error }
  }
}

function isOpen(claim: Claim | null): claim is Claim {
  return claim !== null && claim.phase !== 'Released'
}

/** An Event about our EIPClaim is none about the one that another installation has under that name. */
function uidOfOurs(seen: SeenObject | null): string {
  return seen && seen.heldBy === '' ? seen.uid : ''
}
