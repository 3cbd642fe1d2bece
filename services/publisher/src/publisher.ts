import type { Checkpoints, EventLog } from '@pod-eip/event-log'
import { type Cluster, clusterUid } from '@pod-eip/kube'
import { confirmCluster, type LogWatch, logProblem, type ReadModels } from '@pod-eip/read-models'
import type { Clock, Logger, Random } from '@pod-eip/runtime'
import type { SeenObject } from './claim-object/claim-object.ts'
import { createObjectPublisher } from './claim-object/publish-object.ts'
import { createTellShownByOther } from './claim-object/shown-by-other.ts'
import { createDefinitionState } from './definition/definition-state.ts'
import { followDefinition } from './definition/follow-definition.ts'
import { createDefinitionKeeper } from './definition/keep-definition.ts'
import { createCorrections } from './disputes/corrections.ts'
import { createPutRight } from './disputes/put-right.ts'
import { createTellCorrection } from './disputes/tell-corrections.ts'
import { createEgress } from './egress/egress.ts'
import type { EgressHealth } from './egress/keep-egress.ts'
import type { ConfigPlace } from './egress/seen-config.ts'
import { followCluster } from './follow-cluster.ts'
import { followLog } from './follow-log.ts'
import { heldBack } from './held-back.ts'
import { createEventPoster } from './kube-events/post-events.ts'
import { createNodePublisher } from './node/node-publisher.ts'
import { createObjectCache } from './object-cache.ts'
import { ownNames } from './own-names.ts'
import { createPodMarker } from './pod/mark-pod.ts'
import { createPodView } from './pod/pod-view.ts'
import { createPublication } from './publication.ts'
import { isGone, isUndeclared, refusalOf } from './refusals.ts'
import { createRefusedRights } from './refused-rights.ts'
import { createRefusedWrites } from './refused-writes.ts'
import { untilItWorks } from './retry.ts'
import { createBacklog } from './work-queue/backlog.ts'
import { createKeyedQueue } from './work-queue/keyed-queue.ts'
import { createPacer, pacedCluster } from './work-queue/paced-cluster.ts'
import type { Urgency } from './work-queue/turns.ts'

export interface PublisherDeps {
  cluster: Cluster
  log: Pick<EventLog, 'subscribe' | 'read'>
  checkpoints: Checkpoints
  /** Whether the log is as it was left; absent where nobody keeps a mark of it. */
  logWatch?: Pick<LogWatch, 'problem'>
  readModels: Pick<ReadModels, 'position' | 'claim' | 'claims' | 'node' | 'nodes' | 'owner' | 'intent'>
  clock: Clock
  random: Random
  settings: PublisherSettings
  logger: Logger
}

export interface PublisherSettings {
  /** Domain of the annotations and of the extended resource. */
  annotationDomain: string
  /** Requests to the API server per second, lists and watches aside. */
  qps: number
  /** So many may go out at once after a quiet time. */
  burst: number
  /** Claims and Nodes that are published at a time. */
  concurrency: number
  /** EIPClaims name the workload that they go with. */
  cascade: boolean
  /** Where ip-masq-agent is told whose packets keep their source; `null` when it is told nothing. */
  masqAgentConfig: ConfigPlace | null
}

export interface Publisher {
  /** Publishes until the signal aborts. Failures of the cluster and the stores are waited out. */
  run(signal: AbortSignal): Promise<void>
  health(): PublisherHealth
}

export interface PublisherHealth {
  live: boolean
  ready: boolean
  /** Everything in the log up to here is published. */
  position: number
  /** Claims and Nodes that wait to be published. */
  pending: number
  /** Those of them that failed. */
  failing: number
  /** Parts of objects that another writer keeps changing. */
  disputed: number
  /** Parts of objects that somebody does not let be written, such as an admission policy. */
  refused: number
  /** One sentence about one of them, else empty. It makes nothing unready: no other publisher could do better. */
  refusal: string
  /** What only an operator can mend: one sentence, else empty. */
  problem: string
  /** How the list of ip-masq-agent is kept; only where it is. A problem with it makes nothing else unready. */
  egress?: EgressHealth
}

/** Everything is compared with the cluster this often, whatever was heard. */
const resyncEveryMs = 300_000
/** An installation of the definition that goes well takes less: before it EIPClaims would be asked for in vain. */
const usualInstallMs = 3_000
/** Work that waits while none is finished for this long has hung: a restart helps. */
const hungAfterMs = 600_000

const unmarked: Pick<LogWatch, 'problem'> = { problem: async () => '' }

/**
 * Brings the cluster in line with the read models: EIPClaims, what Pods are told, Events, and the capacity
 * of Nodes. Two of them do no harm: every write is idempotent, and what one wrote the other sees.
 */
export function createPublisher(deps: PublisherDeps): Publisher {
  const { readModels, clock, random, settings, logger } = deps
  const names = ownNames(settings.annotationDomain)
  const pacer = createPacer(settings.qps, settings.burst, clock)
  const ended = new AbortController()
  const older = logProblem({ watch: deps.logWatch ?? unmarked, clock, logger })
  const logIsKnown = () => older.gone(ended.signal)
  const cluster = pacedCluster(heldBack(deps.cluster, logIsKnown), pacer)
  const cache = createObjectCache<SeenObject>()
  const backlog = createBacklog()
  const pods = createPodView()
  const events = createEventPoster({
    ...{ cluster, readModels, clock },
    onRefused: (event, error) => logger.error({ err: error, event: event.metadata }, 'an Event was refused'),
  })
  const corrections = createCorrections(clock)
  const tell = createTellCorrection({ events, logger })
  const refused = createRefusedWrites({ events, clock, logger })
  const putRight = createPutRight({
    ...{ corrections, refused, clock, tell },
    later: (stream, at) => queue.addAt(stream, at),
  })
  const nodes = createNodePublisher(cluster, names, putRight)
  const rights = createRefusedRights(logger)
  const definition = createDefinitionState(cluster, clock)
  const keeper = createDefinitionKeeper({
    ...{ cluster, corrections, tell, clock, random, logger },
    onServed: () => publishWaiting(),
  })
  const publication = createPublication({
    ...{ readModels, cache, nodes, events, refused, backlog, cascade: settings.cascade },
    eipClaims: { listed: () => eipClaimsListed, takesNew: keeper.takesNew },
    tellShownByOther: createTellShownByOther({ events, logger, domain: names.domain }),
    onOwnerEnded: (streams) => streams.forEach((stream) => void queue.add(stream)),
    objects: createObjectPublisher({
      ...{ cluster, names, cache, definition, putRight, refused },
      wasShown: ({ position }) => position <= shownUpTo,
    }),
    pods: createPodMarker({ cluster, names, view: pods, putRight }),
  })
  const { masqAgentConfig } = settings
  const egress = createEgress({
    ...{ cluster, readModels, checkpoints: deps.checkpoints, clock, random, logger },
    settings: { target: masqAgentConfig && { ...masqAgentConfig, annotation: names.egressEntries } },
  })
  const queue = createKeyedQueue({
    ...{ clock, random, concurrency: settings.concurrency, work: publication.publish },
    onFailure: ({ key, error, failures, delayMs }) => {
      if (rights.note(key, error) || refusalOf(error)) return
      logger.warn({ err: error, stream: key, failures, delayMs }, 'could not be published and is tried again')
      if (isGone(error) || isUndeclared(error)) restore()
    },
    onRecovery: rights.forget,
  })
  const publishWaiting = () => publication.waiting().forEach((stream) => void queue.add(stream))
  let restore = () => {}
  let eipClaimsListed = false
  let ready = false
  let problem = ''
  /** What the log had up to here was in the cluster before this process began, and has not gone with the definition. */
  let shownUpTo = 0

  async function resync(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const streams = await untilItWorks(publication.outOfLine, {
        ...{ signal, clock, random },
        onFailure: ({ error }) =>
          logger.warn({ err: error }, 'the read models cannot be compared; tried again'),
      })
      streams?.forEach((stream) => void queue.add(stream, 'background'))
      await clock.sleep(resyncEveryMs, signal)
      restore()
    }
  }

  async function work(signal: AbortSignal): Promise<void> {
    await confirmCluster({
      ...{ log: deps.log, clock, signal, logger },
      clusterUid: () => clusterUid(cluster),
      onProblem: (sentence) => {
        problem = sentence
      },
    })
    await untilItWorks(logIsKnown, {
      ...{ signal, clock, random },
      onFailure: ({ error }) => logger.warn({ err: error }, 'the log cannot be looked at; tried again'),
    })
    if (signal.aborted) return
    const { stays } = await keeper.look(signal)
    if (signal.aborted) return
    restore = () => keeper.restore(signal)
    const common = { onChange: queue.add, signal, clock, random, logger }
    const onStandstill = (sentence: string) => {
      problem = sentence
    }
    const onChange = (stream: string, urgency: Urgency) => {
      queue.add(stream, urgency)
      if (stream.startsWith('claim/')) egress.changed(stream.slice('claim/'.length))
    }
    const log = followLog({ ...deps, ...common, onChange, backlog, onStandstill })
    const begun = await log.begin()
    if (signal.aborted) return
    shownUpTo = stays ? begun : 0
    // Only EIPClaims wait for their definition.
    const installed = keeper.install(signal).then(({ wasMissing }) => {
      if (wasMissing) shownUpTo = 0
    })
    await Promise.race([installed, clock.sleep(usualInstallMs, signal)])
    if (signal.aborted) return
    const view = followCluster({
      ...{ ...common, cluster, cache, nodes, pods, names, rights },
      onDefinitionGone: restore,
    })
    const definitionView = followDefinition({
      ...{ cluster, rights, signal, clock, random, logger },
      onGone: restore,
      onChanged: () => keeper.correct(signal),
    })
    const served = Promise.all([installed, view.listed, view.eipClaimsListed]).then(() => {
      ready = !signal.aborted
    })
    await Promise.race([view.listed, view.done])
    await Promise.all([
      served,
      view.eipClaimsListed.then(() => {
        eipClaimsListed = !signal.aborted
        publishWaiting()
      }),
      ...[view.done, queue.run(signal), log.follow(), log.saveCheckpoints(), resync(signal)],
      ...[egress.run(signal), definitionView.done],
    ])
  }

  return {
    async run(signal) {
      const failed = new AbortController()
      const both = AbortSignal.any([signal, failed.signal])
      both.addEventListener('abort', () => [pacer.end(), ended.abort()], { once: true })
      try {
        await work(both)
      } finally {
        ready = false
        failed.abort()
      }
    },
    health() {
      const { pending, failing, lastProgressAt } = queue.status()
      const kept = egress.health()
      const told = older.seen() || problem || keeper.problem() || rights.sentence()
      // Where only an operator helps, a restart does not.
      const hung = older.seen() === '' && pending > 0 && clock.now() - lastProgressAt > hungAfterMs
      return {
        live: !hung,
        ready: ready && told === '',
        ...{ position: backlog.publishedUpTo(), failing },
        pending: pending + publication.waiting().length,
        ...{ disputed: corrections.disputed(), ...refused.status(), problem: told },
        ...(kept && { egress: kept }),
      }
    },
  }
}
