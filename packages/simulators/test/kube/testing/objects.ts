import type { KubeObject } from '@pod-eip/kube'
import type { Clock, Ids } from '@pod-eip/runtime'
import { ApiError, createKubeStore, type KubeStore } from '../../../src/kube/index.ts'

const core = (plural: string) => ({ group: '', version: 'v1', plural })
const apps = (plural: string) => ({ group: 'apps', version: 'v1', plural })

export const pods = core('pods')
export const nodes = core('nodes')
export const namespaces = core('namespaces')
export const configMaps = core('configmaps')
export const services = core('services')
export const deployments = apps('deployments')
export const replicaSets = apps('replicasets')
export const statefulSets = apps('statefulsets')
export const definitions = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  plural: 'customresourcedefinitions',
}
export const widgets = { group: 'example.com', version: 'v1', plural: 'widgets' }

/** A clock that stands still until it is set. */
export interface SetClock extends Clock {
  set(now: number): void
}

export function setClock(start: string): SetClock {
  let now = Date.parse(start)
  return {
    now: () => now,
    sleep: async () => {},
    set: (next) => {
      now = next
    },
  }
}

export function countingIds(start = 0): Ids {
  let n = start
  return { next: () => `00000000-0000-4000-8000-${String(++n).padStart(12, '0')}` }
}

export function testStore(): { store: KubeStore; clock: SetClock } {
  const clock = setClock('2026-01-01T00:00:00Z')
  return { store: createKubeStore({ clock, ids: countingIds() }), clock }
}

export function pod(name: string, namespace = 'default'): KubeObject {
  return { metadata: { name, namespace }, spec: { containers: [{ name: 'main', image: 'nginx:1' }] } }
}

/** The refusal of what is tried. */
export function refusal(attempt: () => unknown): ApiError {
  try {
    attempt()
  } catch (error) {
    if (error instanceof ApiError) return error
    throw error
  }
  throw new Error('it was not refused')
}

export const widgetDefinition: KubeObject = {
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget', shortNames: ['wd'] },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        additionalPrinterColumns: [{ name: 'Size', type: 'integer', jsonPath: '.spec.size' }],
        schema: {
          openAPIV3Schema: {
            type: 'object',
            description: 'A thing.',
            properties: {
              spec: {
                type: 'object',
                description: 'What is wanted.',
                required: ['size'],
                properties: {
                  size: { type: 'integer', minimum: 1, description: 'How big.' },
                  colour: { type: 'string', enum: ['red', 'green'], default: 'red' },
                },
              },
              status: { type: 'object', properties: { phase: { type: 'string' } } },
            },
          },
        },
      },
    ],
  },
}
