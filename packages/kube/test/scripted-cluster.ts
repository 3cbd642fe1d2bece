import {
  type Cluster,
  KubeError,
  type KubeObject,
  type ListPage,
  type WatchEvent,
  type WatchOptions,
} from '../src/cluster.ts'

/** One watch that a reader has opened, played by the test. */
export interface OpenWatch {
  options: WatchOptions
  send(event: WatchEvent): void
  /** The server ends it in the ordinary way. */
  end(): void
  fail(error: Error): void
}

/** An API server whose lists and watches the test answers by hand: for what no server does on demand. */
export interface ScriptedCluster {
  cluster: Cluster
  /** Answers lists in turn; the last one answers all that follow. */
  lists: (ListPage | Error)[]
  listed: { limit?: number; continue?: string }[]
  /** Every watch so far, the running one last. */
  watches: OpenWatch[]
}

export function createScriptedCluster(): ScriptedCluster {
  const script: Omit<ScriptedCluster, 'cluster'> = { lists: [], listed: [], watches: [] }
  const never = () => Promise.reject(new KubeError(405, 'MethodNotAllowed', 'not part of the script'))
  const cluster: Cluster = {
    async list(_resource, { limit, continue: token } = {}) {
      script.listed.push({ ...(limit ? { limit } : {}), ...(token ? { continue: token } : {}) })
      const answer = script.lists.length > 1 ? script.lists.shift() : script.lists[0]
      if (answer === undefined || answer instanceof Error) throw answer ?? new Error('no list in the script')
      return answer
    },
    async *watch(_resource, options) {
      const steps: (WatchEvent | Error | 'end')[] = []
      let stepped = Promise.withResolvers<void>()
      const step = (next: WatchEvent | Error | 'end') => {
        steps.push(next)
        stepped.resolve()
      }
      script.watches.push({ options, send: step, end: () => step('end'), fail: step })
      options.signal?.addEventListener('abort', () => step('end'), { once: true })
      for (;;) {
        const next = steps.shift()
        if (next === 'end') return
        if (next instanceof Error) throw next
        if (next !== undefined) yield next
        else {
          stepped = Promise.withResolvers()
          await stepped.promise
        }
      }
    },
    get: never,
    create: never,
    apply: never,
    mergePatch: never,
    delete: never,
    resourceOf: never,
  }
  return Object.assign(script, { cluster })
}

/** A Pod by name and version, nothing else. */
export function podAt(name: string, resourceVersion: string): KubeObject {
  return { metadata: { name, resourceVersion } }
}
