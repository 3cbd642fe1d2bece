/**
 * Who may import whom, as pure functions over the imports of all source files. DESIGN.md says why; this
 * says it so that a machine can hold it.
 */

/** One import statement (or `export from`, `import()`), resolved inside the repository. */
export interface ImportEdge {
  /** File that imports, relative to the repository's root. */
  from: string
  /** What it says between the quotes. */
  specifier: string
  /** The file it leads to, when that is ours. */
  to: string | undefined
}

/** A folder with a package.json: its name and the subpaths that it exports (`.` for the name alone). */
export interface Unit {
  folder: string
  name: string
  exports: readonly string[]
}

/** One broken rule, as a sentence. */
export type Violation = string

/** The one place that puts services together in one process; docs/adr/0011 says why it is allowed to. */
const compositionRoot = 'services/all-in-one'
const developmentOnly = ['packages/simulators', 'packages/devstack']
const mayImportOfOurs: Readonly<Record<string, readonly string[]>> = {
  'packages/domain': [],
  'packages/runtime': [],
  'packages/devstack': ['packages/runtime'],
  'packages/simulators': ['packages/cloud', 'packages/domain', 'packages/kube', 'packages/runtime'],
}

/** Every rule over every import; empty when all is well. */
export function findViolations(edges: readonly ImportEdge[], units: readonly Unit[]): Violation[] {
  return [...edges.flatMap((edge) => judge(edge, units)), ...cycles(edges, units)]
}

function judge(edge: ImportEdge, units: readonly Unit[]): Violation[] {
  const from = unitOf(edge.from, units)
  const say = (reason: string) => [`${edge.from} imports ${edge.specifier}: ${reason}`]

  if (edge.specifier.startsWith('.')) {
    if (edge.to === undefined) return say('there is no such file')
    if (unitOf(edge.to, units) !== from)
      return say('it reaches into another package by path; import it by its name')
    return []
  }
  const named = units.find((unit) => isOf(edge.specifier, unit))
  if (!named || named === from) return []
  const subpath = edge.specifier.slice(named.name.length)
  if (!named.exports.includes(`.${subpath}`)) return say(`${named.name} does not export this path`)
  if (subpath.startsWith('/testing') && !isTestCode(edge.from)) return say('only tests import it')
  return crossing(edge, from, named).flatMap(say)
}

/** The rules for an import of `to` by a file in `from`. */
function crossing(edge: ImportEdge, from: Unit | undefined, to: Unit): string[] {
  const isPackage = from?.folder.startsWith('packages/')
  const isService = from?.folder.startsWith('services/')
  const toService = to.folder.startsWith('services/')
  if (isPackage && toService) return ['packages never import services']
  if (from?.folder === compositionRoot) return judgeCompositionRoot(edge, to)
  if (isService && toService) return ['services do not import each other']
  if (!from || isTestCode(edge.from) || edge.from.startsWith('scripts/')) return []

  const allowed = mayImportOfOurs[from.folder]
  if (allowed && !allowed.includes(to.folder)) {
    const some = `only ${allowed.join(', ')} of ours`
    return [`${from.folder} may import ${allowed.length > 0 ? some : 'nothing of ours'}`]
  }
  if (developmentOnly.includes(to.folder)) return ['only tests and scripts import it']
  return []
}

/** It wires services and does nothing of its own: what it would need of a package belongs into a service. */
function judgeCompositionRoot(edge: ImportEdge, to: Unit): string[] {
  if (isTestCode(edge.from) || to.folder.startsWith('services/') || to.folder === 'packages/runtime')
    return []
  return [`${compositionRoot} may import only the services and packages/runtime of ours`]
}

/** Tests, and helpers that live in a folder `test/` or `testing/`. */
function isTestCode(file: string): boolean {
  return file.endsWith('.test.ts') || /(^|\/)test(ing)?\//.test(file)
}

/** Cycles between files, and between packages. */
function cycles(edges: readonly ImportEdge[], units: readonly Unit[]): Violation[] {
  const files = new Map<string, Set<string>>()
  const packages = new Map<string, Set<string>>()
  for (const { from, to, specifier } of edges) {
    if (to !== undefined) link(files, from, to)
    const [ours, theirs] = [unitOf(from, units), units.find((unit) => isOf(specifier, unit))]
    if (ours && theirs && ours !== theirs && !isTestCode(from)) link(packages, ours.name, theirs.name)
  }
  return [...findCycles(files), ...findCycles(packages)].map((cycle) => `cycle: ${cycle.join(' → ')}`)
}

function link(graph: Map<string, Set<string>>, from: string, to: string): void {
  const targets = graph.get(from) ?? new Set()
  graph.set(from, targets.add(to))
}

/** One cycle for each edge that leads back to where a depth-first walk is. */
export function findCycles(graph: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const done = new Set<string>()
  const found: string[][] = []
  const walk = (node: string, path: readonly string[]): void => {
    const start = path.indexOf(node)
    if (start >= 0) found.push([...path.slice(start), node])
    if (start >= 0 || done.has(node)) return
    for (const next of graph.get(node) ?? []) walk(next, [...path, node])
    done.add(node)
  }
  for (const node of graph.keys()) walk(node, [])
  return found
}

function unitOf(file: string, units: readonly Unit[]): Unit | undefined {
  return units.find((unit) => file.startsWith(`${unit.folder}/`))
}

function isOf(specifier: string, unit: Unit): boolean {
  return specifier === unit.name || specifier.startsWith(`${unit.name}/`)
}
