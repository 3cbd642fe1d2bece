import { keepHeapSmall } from '@pod-eip/runtime/small-heap'

keepHeapSmall()
const [{ runService }, { startProjector }] = await Promise.all([
  import('@pod-eip/runtime'),
  import('./start.ts'),
])
await runService('projector', () => startProjector(process.env, process.argv.slice(2)))
