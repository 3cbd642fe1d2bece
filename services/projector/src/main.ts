import { runService } from '@pod-eip/runtime'
import { startProjector } from './start.ts'

await runService('projector', () => startProjector(process.env, process.argv.slice(2)))
