import { Counter, Gauge, Registry } from 'prom-client'

export { Counter, Gauge }

/** What one service counts, for Prometheus; `/metrics` on the port of the probes shows it. */
export type Metrics = Registry

/** A registry whose every figure carries the name of the service. */
export function createMetrics(service: string): Metrics {
  const registry = new Registry()
  registry.setDefaultLabels({ service })
  return registry
}

/** The text that Prometheus reads, of all of these together. */
export async function metricsText(several: readonly Metrics[]): Promise<string> {
  return (await Promise.all(several.map((one) => one.metrics()))).join('\n')
}
