import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { Registry } from 'prom-client'
import { listenFault } from './listen-fault.ts'
import type { Logger } from './logger.ts'
import { type Metrics, metricsText } from './metrics.ts'
import { HelpRequested, SettingsError } from './settings.ts'
import { StoreError } from './stores/store-error.ts'

/** How long what a library has left open may keep an ended service alive, in ms. */
const leftoversMs = 1_000

export interface Service {
  /** Works until the signal aborts; a rejection ends the process with exit code 1. */
  run(signal: AbortSignal): Promise<void>
  /** What is shown under /healthz; `live` false asks Kubernetes to restart the process. */
  health(): { live: boolean; ready: boolean; [detail: string]: unknown }
  /** Frees connections after the run. */
  close(): Promise<void>
}

/** A service that was put together and waits to be run. */
export interface StartedService {
  service: Service
  logger: Logger
  /** For the probes; `null` for none. */
  port: number | null
  /** What it counts; of several services, each one's. */
  metrics?: readonly Metrics[]
}

/**
 * A service's process: starts it, answers /healthz, /readyz and /metrics, and ends it on SIGTERM or SIGINT. A wrong
 * setting is one sentence on stderr and exit code 2, a store that cannot be used one and exit code 1; `--help` lists the
 * settings.
 */
export async function runService(name: string, start: () => Promise<StartedService>): Promise<void> {
  const stop = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort())
  try {
    const { service, logger, port, metrics = [] } = await start()
    const probes = port === null ? null : await serveProbes(service, port, metrics)
    logger.info({ port }, `${name} started`)
    await service.run(stop.signal)
    probes?.close()
    await service.close()
    logger.info(`${name} stopped`)
    // A library that still waits for a store that is gone keeps nobody alive; what ended properly has gone by then.
    setTimeout(() => process.exit(0), leftoversMs).unref()
  } catch (error) {
    if (error instanceof HelpRequested) {
      process.stdout.write(`${name}: flags, their environment twins and what they mean\n\n${error.message}\n`)
      process.exit(0)
    }
    if (error instanceof SettingsError) {
      process.stderr.write(`${name}: ${error.message}\n`)
      process.exit(2)
    }
    if (error instanceof StoreError) {
      process.stderr.write(`${name}: ${error.message}\n`)
      process.exit(1)
    }
    process.stderr.write(`${name}: ${error instanceof Error ? error.stack : String(error)}\n`)
    process.exit(1)
  }
}

/** @throws SettingsError when the port cannot be had */
function serveProbes(
  service: Service,
  port: number,
  metrics: readonly Metrics[],
): Promise<ReturnType<typeof serve>> {
  const app = new Hono()
  app.get('/healthz', (c) => {
    const health = service.health()
    return c.json(health, health.live ? 200 : 503)
  })
  app.get('/readyz', (c) => {
    const health = service.health()
    return c.json(health, health.ready ? 200 : 503)
  })
  app.get('/metrics', async (c) =>
    c.text(await metricsText(metrics), 200, { 'content-type': Registry.PROMETHEUS_CONTENT_TYPE }),
  )
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, port }, () => resolve(server))
    server.once('error', (error) => reject(listenFault(error, 'POD_EIP_HEALTH_PORT (--health-port)', port)))
  })
}
