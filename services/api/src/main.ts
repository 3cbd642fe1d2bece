import { keepHeapSmall } from '@pod-eip/runtime/small-heap'

keepHeapSmall()
const [{ runService }, { startApi }] = await Promise.all([import('@pod-eip/runtime'), import('./start.ts')])
await runService('api', () => startApi(process.env, process.argv.slice(2)))
