import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { parseSync } from 'vite'
import type { ImportEdge, Unit } from './rules.ts'

const sources = ['packages/*/**/*.ts', 'services/*/**/*.ts', 'test/**/*.ts', 'scripts/**/*.ts']

/** Reads every source file below `root` and lists its imports, those of types too. */
export function readImports(root: string): ImportEdge[] {
  const files = globSync(sources, { cwd: root, exclude: (name) => name.split('/').includes('node_modules') })
  return files.flatMap((from) =>
    importsIn(from, readFileSync(join(root, from), 'utf8')).map((specifier) => {
      const path = normalize(join(dirname(from), specifier))
      const to = specifier.startsWith('.') && existsSync(join(root, path)) ? path : undefined
      return { from, specifier, to }
    }),
  )
}

/** The workspace's packages. */
export function readUnits(root: string): Unit[] {
  return globSync(['packages/*/package.json', 'services/*/package.json', 'test/package.json'], {
    cwd: root,
  }).map((file) => {
    const manifest = JSON.parse(readFileSync(join(root, file), 'utf8'))
    return { folder: dirname(file), name: manifest.name, exports: Object.keys(manifest.exports ?? {}) }
  })
}

/** What one file imports (types too), re-exports and imports lazily. @throws when it does not parse */
export function importsIn(file: string, text: string): string[] {
  const { module, errors } = parseSync(file, text)
  if (errors.length > 0) throw new Error(`${file} does not parse: ${errors[0]!.message}`)
  const exported = module.staticExports.flatMap((statement) => statement.entries)
  const lazy = text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g)
  return [
    ...new Set([
      ...module.staticImports.map((statement) => statement.moduleRequest.value),
      ...exported.flatMap((entry) => (entry.moduleRequest ? [entry.moduleRequest.value] : [])),
      // Covers `await import('x')` and the type `import('x').T` alike.
      ...Array.from(lazy, (match) => match[1]!),
    ]),
  ]
}
