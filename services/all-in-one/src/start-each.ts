import type { Metrics, Service, StartedService } from '@pod-eip/runtime'

/** Puts a service together as its environment says. */
export type Start = (env: NodeJS.ProcessEnv, argv: string[]) => Promise<StartedService>

/** A service of this process, by the name that its log lines have. */
export interface NamedService {
  name: string
  service: Service
  metrics: readonly Metrics[]
}

/**
 * Starts services one after the other: the first migrates the schema, the others find it done.
 * @throws what the first one threw that did not start; those before it are closed again
 */
export async function startEach(
  starts: Readonly<Record<string, Start>>,
  env: NodeJS.ProcessEnv,
): Promise<NamedService[]> {
  const started: NamedService[] = []
  try {
    for (const [name, start] of Object.entries(starts)) {
      const { service, metrics = [] } = await start(env, [])
      started.push({ name, service, metrics })
    }
    return started
  } catch (error) {
    await Promise.allSettled(started.map(({ service }) => service.close()))
    throw error
  }
}
