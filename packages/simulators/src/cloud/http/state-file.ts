import { readFile, rename, writeFile } from 'node:fs/promises'
import * as z from 'zod'
import type { CloudSimulator } from '../simulator.ts'
import type { CloudState } from '../state/state.ts'

/** Changes within this time are saved together. */
const saveDelayMs = 50

/** A large state is saved less often, so that saving takes at most one part in so many of the time. */
const pausePerSaving = 20

const stateForm = z.looseObject({
  version: z.literal(1),
  nextTaskId: z.int(),
  nextPublicIp: z.int(),
  nextLedgerEntry: z.int(),
  accounts: z.record(z.string(), z.looseObject({})),
  regions: z.record(z.string(), z.looseObject({ addresses: z.looseObject({}) })),
})

/**
 * The state that an earlier run saved; `undefined` when there is none.
 *
 * @throws Error when the file is there but is no state of a simulator.
 */
export async function readStateFile(path: string): Promise<CloudState | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  try {
    return stateForm.parse(JSON.parse(text)) as unknown as CloudState
  } catch {
    throw new Error(`${path} is no state of a cloud simulator: name another file, or delete it to begin anew`)
  }
}

export interface StateSaver {
  /** Saves what is not saved yet, and stops. */
  close(): Promise<void>
}

/** Saves the state to the file soon after each change, whole or not at all. */
export function saveStateTo(
  path: string,
  simulator: CloudSimulator,
  onError: (error: unknown) => void,
): StateSaver {
  let timer: NodeJS.Timeout | undefined
  let saving = Promise.resolve()
  let lastTookMs = 0

  const save = () => {
    timer = undefined
    saving = saving.then(async () => {
      const began = performance.now()
      try {
        await writeFile(`${path}.new`, JSON.stringify(simulator.snapshot()))
        await rename(`${path}.new`, path)
      } catch (error) {
        onError(error)
      }
      lastTookMs = performance.now() - began
    })
  }
  const unsubscribe = simulator.onChange(() => {
    timer ??= setTimeout(save, Math.max(saveDelayMs, lastTookMs * pausePerSaving))
  })
  return {
    async close() {
      unsubscribe()
      clearTimeout(timer)
      save()
      await saving
    },
  }
}
