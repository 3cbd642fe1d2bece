import { expect, test } from 'vitest'
import { importsIn } from './imports.ts'
import { findCycles, findViolations, type ImportEdge, type Unit } from './rules.ts'

const units: Unit[] = [
  ...['domain', 'runtime', 'cloud', 'kube', 'simulators', 'devstack', 'queue'].map((name) =>
    unit('packages', name),
  ),
  ...['api', 'worker', 'all-in-one'].map((name) => unit('services', name)),
  { folder: 'test', name: '@pod-eip/test', exports: [] },
]

function unit(folder: string, name: string): Unit {
  return { folder: `${folder}/${name}`, name: `@pod-eip/${name}`, exports: ['.', './testing'] }
}

/** Rules broken when `from` imports `specifier`. */
function broken(from: string, specifier: string, to?: string): string[] {
  return findViolations([{ from, specifier, to }], units)
}

test.each([
  ['packages/domain/src/claim.ts', '@pod-eip/runtime', 'nothing of ours'],
  ['packages/runtime/src/log.ts', '@pod-eip/domain', 'nothing of ours'],
  ['packages/queue/src/relay.ts', '@pod-eip/worker', 'packages never import services'],
  ['packages/queue/src/relay.int.test.ts', '@pod-eip/worker', 'packages never import services'],
  ['services/api/src/main.ts', '@pod-eip/worker', 'services do not import each other'],
  ['services/api/src/main.ts', '@pod-eip/all-in-one', 'services do not import each other'],
  ['packages/queue/src/relay.ts', '@pod-eip/all-in-one', 'packages never import services'],
  ['services/all-in-one/src/start.ts', '@pod-eip/cloud', 'only the services and packages/runtime'],
  ['services/all-in-one/src/start.ts', '@pod-eip/devstack', 'only the services and packages/runtime'],
  ['services/api/src/main.ts', '@pod-eip/devstack', 'only tests and scripts'],
  ['packages/cloud/src/tencent.ts', '@pod-eip/simulators', 'only tests and scripts'],
  ['packages/simulators/src/eip.ts', '@pod-eip/queue', 'may import only'],
  ['services/api/src/main.ts', '@pod-eip/domain/src/claim.ts', 'does not export this path'],
  ['services/api/src/main.ts', '@pod-eip/domain/testing', 'only tests'],
])('%s may not import %s', (from, specifier, reason) => {
  expect(broken(from, specifier)).toEqual([expect.stringContaining(reason)])
})

test.each([
  ['packages/queue/src/relay.ts', '@pod-eip/domain'],
  ['packages/queue/src/relay.int.test.ts', '@pod-eip/devstack'],
  ['packages/simulators/src/eip.ts', '@pod-eip/cloud'],
  ['services/worker/src/main.ts', '@pod-eip/cloud'],
  ['services/all-in-one/src/start.ts', '@pod-eip/worker'],
  ['services/all-in-one/src/main.ts', '@pod-eip/runtime'],
  ['scripts/start/main.ts', '@pod-eip/devstack'],
  ['test/e2e/outage.e2e.test.ts', '@pod-eip/simulators'],
  ['test/e2e/outage.e2e.test.ts', '@pod-eip/worker'],
  ['services/api/src/routes.int.test.ts', '@pod-eip/domain/testing'],
  ['packages/domain/src/claim.ts', 'zod'],
])('%s may import %s', (from, specifier) => {
  expect(broken(from, specifier)).toEqual([])
})

test('a path that leaves its package is refused, one within it is not', () => {
  const from = 'packages/queue/src/relay.ts'
  expect(broken(from, '../../domain/src/claim.ts', 'packages/domain/src/claim.ts')).toHaveLength(1)
  expect(broken(from, './relay.js')).toEqual([expect.stringContaining('no such file')])
  expect(broken(from, './jobs.ts', 'packages/queue/src/jobs.ts')).toEqual([])
})

test('a cycle is found, between files and between packages', () => {
  const edge = (from: string, to: string): ImportEdge => ({
    from: `packages/queue/src/${from}`,
    specifier: `./${to}`,
    to: `packages/queue/src/${to}`,
  })
  const loop = [edge('a.ts', 'b.ts'), edge('b.ts', 'c.ts'), edge('c.ts', 'a.ts')]
  expect(findViolations(loop, units)).toEqual([
    expect.stringMatching(/^cycle: .*a\.ts → .*b\.ts → .*c\.ts → .*a\.ts$/),
  ])
  expect(findViolations(loop.slice(0, 2), units)).toEqual([])

  const packages: ImportEdge[] = [
    { from: 'packages/queue/src/a.ts', specifier: '@pod-eip/cloud', to: undefined },
    { from: 'packages/cloud/src/b.ts', specifier: '@pod-eip/queue', to: undefined },
  ]
  expect(findViolations(packages, units)).toEqual(['cycle: @pod-eip/queue → @pod-eip/cloud → @pod-eip/queue'])
})

test('a diamond is no cycle', () => {
  const graph = { a: ['b', 'c'], b: ['d'], c: ['d'], d: [] }
  expect(findCycles(new Map(Object.entries(graph).map(([from, to]) => [from, new Set(to)])))).toEqual([])
})

test('every way of importing is seen, that of types too', () => {
  const text = `
    import a from 'one'
    import type { B } from 'two'
    import 'three'
    export * from 'four'
    export type { C } from 'five'
    const d = await import('six')
    type E = import('seven').E
    const text = "import x from 'not this'"
  `
  expect(importsIn('file.ts', text)).toEqual(
    expect.arrayContaining(['one', 'two', 'three', 'four', 'five', 'six', 'seven']),
  )
  expect(importsIn('file.ts', text)).toHaveLength(7)
})
