import { keepHeapSmall } from '@pod-eip/runtime/small-heap'

keepHeapSmall()
const [{ runService }, { startWorker }] = await Promise.all([
  import('@pod-eip/runtime'),
  import('./start.ts'),
])
await runService('worker', () => startWorker(process.env, process.argv.slice(2)))
