import { runService } from '@pod-eip/runtime'
import { startWatcher } from './start.ts'

await runService('watcher', () => startWatcher(process.env, process.argv.slice(2)))
