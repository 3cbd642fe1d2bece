import { startAllInOne } from '@pod-eip/all-in-one'

export interface RunningServices {
  /** Rejects when a service ends by itself. */
  failed: Promise<never>
  stop(): Promise<void>
}

/** The five services in this process, as they also run in a small cluster. */
export async function runServices(env: NodeJS.ProcessEnv): Promise<RunningServices> {
  const stopping = new AbortController()
  const { service } = await startAllInOne(env, [])
  const run = service.run(stopping.signal)
  const failed = new Promise<never>((_, reject) => {
    run.catch(reject)
  })
  failed.catch(() => {})
  return {
    failed,
    async stop() {
      stopping.abort()
      await run.catch(() => {})
      await service.close().catch(() => {})
    },
  }
}
