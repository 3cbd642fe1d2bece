import { runService } from '@pod-eip/runtime'
import { startApi } from './start.ts'

await runService('api', () => startApi(process.env, process.argv.slice(2)))
