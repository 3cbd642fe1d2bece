import { runService } from '@pod-eip/runtime'
import { startPublisher } from './start.ts'

await runService('publisher', () => startPublisher(process.env, process.argv.slice(2)))
