import { runService } from '@pod-eip/runtime'
import { startWorker } from './start.ts'

await runService('worker', () => startWorker(process.env, process.argv.slice(2)))
