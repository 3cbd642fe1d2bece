import type { Claim, ObjectRef } from '@pod-eip/domain'
import type { ReadModels } from '@pod-eip/read-models'
import type { SeenObject } from './claim-object/claim-object.ts'
import { namedOwner } from './claim-object/named-owner.ts'
import type { ObjectPublisher } from './claim-object/publish-object.ts'
import type { EventPoster } from './kube-events/post-events.ts'
import type { NodePublisher } from './node/node-publisher.ts'
import type { ObjectCache } from './object-cache.ts'
import type { PodMarker } from './pod/mark-pod.ts'
import type { Backlog } from './work-queue/backlog.ts'

export interface PublicationDeps {
  readModels: Pick<ReadModels, 'claim' | 'claims' | 'node' | 'nodes' | 'owner'>
  cache: ObjectCache<SeenObject>
  objects: ObjectPublisher
  pods: PodMarker
  events: EventPoster
  nodes: NodePublisher
  backlog: Backlog
  eipClaims: EipClaimsServed
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
  const { readModels, cache, objects, pods, events, nodes, backlog, cascade, onOwnerEnded } = deps
  const { eipClaims } = deps
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
    // The Pod first: its readiness may wait for it.
    if (claim) await pods.mark(claim)
    const waits = !eipClaims.listed() || (open && !eipClaims.takesNew() && !cache.get(key))
    if (waits) waiting.add(claimStream(key))
    else waiting.delete(claimStream(key))
    // What the API server has against the object is no reason to tell nothing.
    const refusal = open && !waits ? await refusalOf(() => objects.publish(key, claim, owner)) : null
    if (open) await events.tellOfPredecessor(claim)
    // An object that is about to go is told its end first, and one that has just come its beginning after.
    for (const event of untold) await events.post(key, event, claim, cache.get(key)?.uid ?? '')
    if (untold.length > 0) backlog.told(claimStream(key), untold.at(-1)!.position)
    if (refusal) throw refusal.error
    if (waits) return
    if (!open) await objects.publish(key, claim, null)
    const stray = open ? null : cache.get(key)
    if (stray && !stray.ours && !stray.deleting) await events.warnOfStray(key, stray.uid)
    backlog.shown(claimStream(key))
  }

  async function publishNode(name: string): Promise<void> {
    const seen = backlog.of(nodeStream(name)).at(-1)
    await nodes.publish(await readModels.node(name))
    if (seen) backlog.done(nodeStream(name), seen.position)
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
      const unexplained = cache.all().filter((seen) => !open.has(seen.key))
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

async function refusalOf(call: () => Promise<void>): Promise<{ error: unknown } | null> {
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
