import { keepHeapSmall } from '@pod-eip/runtime/small-heap'

keepHeapSmall()
const [{ runService }, { startAllInOne }] = await Promise.all([
  import('@pod-eip/runtime'),
  import('./start.ts'),
])
await runService('all-in-one', () => startAllInOne(process.env, process.argv.slice(2)))
