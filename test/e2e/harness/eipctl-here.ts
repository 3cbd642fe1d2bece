import { type Memory, runCli } from '@pod-eip/eipctl'
import { createPool, createPostgresEventLog } from '@pod-eip/event-log'
import { createPostgresReadModels } from '@pod-eip/read-models'
import { systemClock, systemRandom } from '@pod-eip/runtime'
import type { Eipctl } from './commands.ts'

/** Commands of eipctl that only read the log, without a process for each; what is asked again and again is asked here. */
export interface EipctlHere {
  /** @throws Error what the program would end with */
  eipctl: Eipctl
  close(): Promise<void>
}

/** eipctl in this process, on connections that it keeps. */
export function openEipctlHere(database: { url: string; schema: string }): EipctlHere {
  const { url, schema } = database
  const [clock, random] = [systemClock, systemRandom]
  const pool = createPool({ url, applicationName: 'questions', max: 3 })
  const log = createPostgresEventLog({ pool, schema, clock, random })
  const stop = new AbortController()
  const close = async () => {
    stop.abort()
    await log.close()
    await pool.end()
  }
  const memory: Memory = { log, readModels: createPostgresReadModels(pool, schema), close }
  return {
    async eipctl(...args) {
      const [out, err]: [string[], string[]] = [[], []]
      const exitCode = await runCli(args, {
        open: async () => memory,
        environment: () => ({}),
        user: () => 'test',
        now: () => clock.now(),
        out: (line) => void out.push(`${line}\n`),
        err: (line) => void err.push(`${line}\n`),
        signal: stop.signal,
      })
      return { stdout: out.join(''), stderr: err.join(''), exitCode }
    },
    close,
  }
}
