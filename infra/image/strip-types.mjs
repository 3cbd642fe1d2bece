import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'

/**
 * `node strip-types.mjs FOLDER`: makes plain JavaScript of the TypeScript in an assembled tree, once, as Node would at
 * every start: the stripper alone takes 60 MB of memory in each process. Types become blanks, so that lines and
 * columns of a stack trace are those of the source.
 */
const root = process.argv[2]
const parts = ['packages', 'services'].map((folder) => `${folder}/*`)

for (const file of parts.flatMap((part) => globSync(`${part}/src/**/*.ts`, { cwd: root }))) {
  const path = join(root, file)
  writeFileSync(path.replace(/\.ts$/, '.js'), importingJs(stripTypeScriptTypes(readFileSync(path, 'utf8'))))
  rmSync(path)
}
for (const file of parts.flatMap((part) => globSync(`${part}/package.json`, { cwd: root }))) {
  const path = join(root, file)
  writeFileSync(path, readFileSync(path, 'utf8').replaceAll('.ts"', '.js"'))
}

/** `from './a.ts'`, `import './a.ts'` and `import('./a.ts')` name the file as it is called now. */
function importingJs(text) {
  return text.replaceAll(/(\b(?:from|import)\s*\(?\s*'\.[^'\n]*)\.ts'/g, "$1.js'")
}
