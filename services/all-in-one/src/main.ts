import { runService } from '@pod-eip/runtime'
import { startAllInOne } from './start.ts'

await runService('all-in-one', () => startAllInOne(process.env, process.argv.slice(2)))
