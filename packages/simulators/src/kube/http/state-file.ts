import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import type { KubeSnapshot } from '../store/core.ts'
import type { KubeStore } from '../store/kube-store.ts'

const everyMs = 100
/**
 * A process that was killed may have shown versions that its file does not know. Versions never go backwards for
 * those who saw them: a restored store begins this much further on, which is more than is written meanwhile.
 */
const versionsAhead = 100_000

const snapshot = z.object({
  revision: z.int().min(1),
  objects: z.record(z.string(), z.array(z.looseObject({ metadata: z.looseObject({ name: z.string() }) }))),
})

/** The snapshot in a file; undefined when there is no such file. Fails when it holds something else. */
export async function readState(file: string): Promise<KubeSnapshot | undefined> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  try {
    const read = snapshot.parse(JSON.parse(text)) as KubeSnapshot
    return { ...read, revision: read.revision + versionsAhead }
  } catch {
    throw new Error(`${file} holds no state of a simulated cluster: delete it to begin with an empty one`)
  }
}

/** Writes the store's snapshot whenever something has changed, a moment later, and when closed. */
export function keepState(store: KubeStore, file: string): { close(): Promise<void> } {
  let written = ''
  const write = async () => {
    const version = store.resourceVersion()
    if (version === written) return
    await mkdir(dirname(file), { recursive: true })
    await writeFile(`${file}.new`, JSON.stringify(store.snapshot()), { mode: 0o600 })
    await rename(`${file}.new`, file)
    written = version
  }
  let writing = Promise.resolve()
  let failed: unknown
  const writeNext = () => {
    writing = writing.then(write).catch((error) => {
      failed = error
    })
    return writing
  }
  const timer = setInterval(writeNext, everyMs)
  return {
    async close() {
      clearInterval(timer)
      failed = undefined
      await writeNext()
      if (failed) throw failed
    },
  }
}
