import { startApi } from '@pod-eip/api'
import { startProjector } from '@pod-eip/projector'
import { startPublisher } from '@pod-eip/publisher'
import type { StartedService } from '@pod-eip/runtime'
import { startWatcher } from '@pod-eip/watcher'
import { startWorker } from '@pod-eip/worker'

type Start = (env: NodeJS.ProcessEnv, argv: string[]) => Promise<StartedService>

const services: Record<string, Start> = {
  projector: startProjector,
  watcher: startWatcher,
  worker: startWorker,
  publisher: startPublisher,
  api: startApi,
}

export interface RunningServices {
  /** Rejects when a service ends by itself. */
  failed: Promise<never>
  stop(): Promise<void>
}

/** The five services in this process, each put together exactly as its own program does. */
export async function runServices(env: NodeJS.ProcessEnv): Promise<RunningServices> {
  const stopping = new AbortController()
  const started = await Promise.all(
    Object.entries(services).map(async ([name, start]) => ({ name, ...(await start(env, [])) })),
  )
  const runs = started.map(async ({ name, service }) => {
    await service.run(stopping.signal)
    if (!stopping.signal.aborted) throw new Error(`the ${name} ended by itself`)
  })
  const failed = new Promise<never>((_, reject) => {
    for (const run of runs) run.catch(reject)
  })
  failed.catch(() => {})
  return {
    failed,
    async stop() {
      stopping.abort()
      await Promise.allSettled(runs)
      await Promise.allSettled(started.map(({ service }) => service.close()))
    },
  }
}
