import type { ObjectRef } from '@pod-eip/domain'
import { type Cluster, KubeError, type KubeObject, type Resource } from '@pod-eip/kube'
import type { Insisting } from '../follow/insist.ts'

/** No answer. `hidden`: we may not ask, or such a kind is not served. `unknown`: the server fails to tell for now. */
export type NoAnswer = 'hidden' | 'unknown'

/** What the API server says of objects whose kinds are only known by name. */
export interface ObjectQuestions {
  resourceOf(kind: Pick<ObjectRef, 'apiVersion' | 'kind'>): Promise<Resource | NoAnswer>
  /** The object itself; `gone` when there is none with this uid. */
  look(ref: ObjectRef, namespace: string): Promise<KubeObject | 'gone' | NoAnswer>
  /**
   * Whether the object is certainly not there: a complete, fresh list says so. A kind that is not served proves
   * nothing.
   */
  isGone(ref: ObjectRef, namespace: string): Promise<boolean>
}

export interface QuestionDeps extends Insisting {
  cluster: Pick<Cluster, 'get' | 'list' | 'resourceOf'>
}

/** An answer that may be another one soon is asked for so often; recording Pods must not wait for long. */
const attempts = 4
/** How long it is believed that a kind is not served: its definition may come. */
const unservedMs = 60_000

export function createObjectQuestions(deps: QuestionDeps): ObjectQuestions {
  const { cluster, clock, random, signal, logger } = deps
  const resources = new Map<string, { resource: Resource | 'hidden'; until: number }>()

  async function ask<T>(what: string, question: () => Promise<T>): Promise<T | NoAnswer> {
    for (let failures = 1; ; failures += 1) {
      try {
        return await question()
      } catch (error) {
        signal.throwIfAborted()
        const final = isFinal(error)
        if (final || failures === attempts) {
          logger.warn({ err: error }, `could not ${what}; nothing is given back on that account`)
          return final ? 'hidden' : 'unknown'
        }
        await clock.sleep(250 * 2 ** failures * (0.5 + random.next() / 2), signal)
        signal.throwIfAborted()
      }
    }
  }

  async function resourceOf({ apiVersion, kind }: Pick<ObjectRef, 'apiVersion' | 'kind'>) {
    const key = `${apiVersion} ${kind}`
    const known = resources.get(key)
    if (known && clock.now() < known.until) return known.resource
    const resource = await ask(
      `find the resource of ${kind} in ${apiVersion}`,
      async () => (await cluster.resourceOf(apiVersion, kind)) ?? 'hidden',
    )
    if (resource === 'unknown') return resource
    const until = resource === 'hidden' ? clock.now() + unservedMs : Number.POSITIVE_INFINITY
    resources.set(key, { resource, until })
    return resource
  }

  return {
    resourceOf,
    async look(ref, namespace) {
      const resource = await resourceOf(ref)
      if (typeof resource === 'string') return resource
      const scope = resource.namespaced ? namespace : null
      const found = await ask(`look at ${nameOf(ref)}`, () => cluster.get(resource, scope, ref.name))
      if (typeof found === 'string') return found
      return found?.metadata.uid === ref.uid ? found : 'gone'
    },
    async isGone(ref, namespace) {
      const resource = await resourceOf(ref)
      if (typeof resource === 'string') return false
      const page = await ask(`list ${nameOf(ref)}`, () =>
        cluster.list(resource, {
          ...(resource.namespaced && { namespace }),
          fieldSelector: `metadata.name=${ref.name}`,
        }),
      )
      return typeof page !== 'string' && !page.items.some(({ metadata }) => metadata.uid === ref.uid)
    },
  }
}

function nameOf({ kind, name }: ObjectRef): string {
  return `${kind} ${name}`
}

/** Asking again will not help: no right to ask, or nothing there that could answer. */
function isFinal(error: unknown): boolean {
  if (!(error instanceof KubeError)) return false
  const { status } = error
  return status >= 400 && status < 500 && ![401, 408, 410, 429].includes(status)
}
