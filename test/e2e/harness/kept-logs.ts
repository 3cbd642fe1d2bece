import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Eipctl } from './commands.ts'

/** Where the words of the services go, which a failure is understood by. */
export interface KeptLogs {
  logs: string
  /** Keeps the event log beside them, where `POD_EIP_E2E_LOGS` asks for it; to be called while Postgres is there. */
  keepEvents(eipctl: Eipctl): Promise<void>
}

/**
 * A folder below the one that `POD_EIP_E2E_LOGS` names, which stays; else one that goes with the test.
 * @param name of the test and its cluster
 * @param dir the folder that goes with the test
 */
export async function keptLogs(name: string, dir: string): Promise<KeptLogs> {
  const kept = process.env.POD_EIP_E2E_LOGS
  const logs = kept ? join(kept, name.replaceAll(' ', '-')) : dir
  await mkdir(logs, { recursive: true })
  return {
    logs,
    async keepEvents(eipctl) {
      if (!kept) return
      await writeFile(join(logs, 'events.jsonl'), (await eipctl('events', '-o', 'json')).stdout)
    },
  }
}
