import { apiSettings } from '@pod-eip/api'
import { projectorSettings } from '@pod-eip/projector'
import { publisherSettings } from '@pod-eip/publisher'
import { joinSettings } from '@pod-eip/runtime'
import { watcherSettings } from '@pod-eip/watcher'
import { workerSettings } from '@pod-eip/worker'

/** What each of the five can be told. */
export const settingsByService = {
  watcher: watcherSettings,
  projector: projectorSettings,
  worker: workerSettings,
  publisher: publisherSettings,
  api: apiSettings,
}

/** Everything that any of the five can be told, by flag or by variable. */
export const allSettings = joinSettings(...Object.values(settingsByService))
