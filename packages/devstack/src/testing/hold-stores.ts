import { startEmbeddedPostgres } from '../embedded-postgres.ts'
import { startEmbeddedValkey } from '../embedded-valkey.ts'

/**
 * A program that starts both stores, prints their URLs on one line and stays: something for tests to kill.
 * Its argument is the data folder.
 */
const [postgres, valkey] = await Promise.all([
  startEmbeddedPostgres({ dataDir: process.argv[2]! }),
  startEmbeddedValkey({ program: 'wasm' }),
])
console.log(JSON.stringify({ postgres: postgres.url, valkey: valkey.url }))
setInterval(() => {}, 60_000)
