import { spawnGuarded } from '../process-guard.ts'

/**
 * A program that holds another one that no signal but KILL ends, and that has started a third: something for tests to
 * kill. Its argument is a folder to remove.
 */
await spawnGuarded({
  command: '/bin/sh',
  args: ['-c', 'trap "" TERM INT; sleep 1000 & echo deaf; while :; do sleep 1; done'],
  stopSignal: 'TERM',
  patienceSeconds: 1,
  output: 'inherit',
  removeAtEnd: process.argv.slice(2),
})
setInterval(() => {}, 1_000)
