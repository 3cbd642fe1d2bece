import { startApi } from '@pod-eip/api'
import { startProjector } from '@pod-eip/projector'
import { startPublisher } from '@pod-eip/publisher'
import {
  createLogger,
  flagsAsVariables,
  readSettings,
  type StartedService,
  serviceSettings,
} from '@pod-eip/runtime'
import { startWatcher } from '@pod-eip/watcher'
import { startWorker } from '@pod-eip/worker'
import { allSettings } from './settings.ts'
import { runSideBySide } from './side-by-side.ts'
import { startEach } from './start-each.ts'

const starts = {
  projector: startProjector,
  watcher: startWatcher,
  worker: startWorker,
  publisher: startPublisher,
  api: startApi,
}

/**
 * The five services in one process, each put together as its own program does it, with connections of its own.
 * @param argv the flags of all five
 * @throws SettingsError or HelpRequested before anything is opened; else what the first one threw that did not start,
 *   the others being closed again
 */
export async function startAllInOne(env: NodeJS.ProcessEnv, argv: string[]): Promise<StartedService> {
  // All of them: a wrong one of the last service is no reason to start the first four.
  readSettings(allSettings, env, argv)
  const variables = flagsAsVariables(allSettings, env, argv)
  const own = readSettings(serviceSettings, variables)
  const services = await startEach(starts, variables)
  return {
    service: runSideBySide(services),
    logger: createLogger('all-in-one', own),
    port: own.healthPort,
    metrics: services.flatMap(({ metrics }) => metrics),
  }
}
