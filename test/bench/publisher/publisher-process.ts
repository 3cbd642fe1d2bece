import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '@pod-eip/devstack'
import { systemClock } from '@pod-eip/runtime'
import { assembleImage } from '../../processes/assemble-image.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const pollMs = 500
/** So long nothing has come forward, and it is given up. */
const standstillMs = 60_000

/** A publisher as a process of its own, out of the image. */
export interface PublisherProcess {
  /** Resolves once everything up to this position is in the cluster and nothing waits. @throws Error when it ends, or stands still */
  published(position: number): Promise<void>
  /** Its peak of resident memory so far, MiB; `null` where the system does not tell. */
  peakMiB(): Promise<number | null>
  stop(): Promise<void>
}

export async function startPublisher(image: string, env: Record<string, string>): Promise<PublisherProcess> {
  await assembleImage(image)
  const port = await freePort()
  const flags = ['--import', join(root, 'scripts/end-with-parent.mjs')]
  const child = spawn(process.execPath, [...flags, join(image, 'services/publisher/src/main.js')], {
    env: { PATH: process.env.PATH ?? '', ...env, POD_EIP_HEALTH_PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  return {
    async published(position) {
      let [seen, movedAt] = ['', systemClock.now()]
      for (;;) {
        const health = await fetch(`http://127.0.0.1:${port}/readyz`).then(
          (answer) => answer.json() as Promise<{ position?: number; pending?: number }>,
          () => null,
        )
        if ((health?.position ?? 0) >= position && health?.pending === 0) return
        const end = await Promise.race([ended, systemClock.sleep(pollMs)])
        if (end !== undefined) throw new Error(`the publisher ended with exit code ${end}`)
        const now = JSON.stringify(health)
        if (now !== seen) [seen, movedAt] = [now, systemClock.now()]
        if (systemClock.now() - movedAt > standstillMs)
          throw new Error(`the publisher stands still before event ${position}: ${now}`)
      }
    },
    async peakMiB() {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '')
      const [, kiB] = /^VmHWM:\s+(\d+) kB/m.exec(status) ?? []
      return kiB === undefined ? null : Number(kiB) / 1024
    },
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}
