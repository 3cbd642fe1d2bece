import { keepHeapSmall } from '@pod-eip/runtime/small-heap'

keepHeapSmall()
const [{ runService }, { startWatcher }] = await Promise.all([
  import('@pod-eip/runtime'),
  import('./start.ts'),
])
await runService('watcher', () => startWatcher(process.env, process.argv.slice(2)))
