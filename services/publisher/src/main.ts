import { keepHeapSmall } from '@pod-eip/runtime/small-heap'

keepHeapSmall()
const [{ runService }, { startPublisher }] = await Promise.all([
  import('@pod-eip/runtime'),
  import('./start.ts'),
])
await runService('publisher', () => startPublisher(process.env, process.argv.slice(2)))
