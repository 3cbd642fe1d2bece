import { cpSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

/**
 * `node bundle.mjs FOLDER`: makes JavaScript of the services and eipctl with all that they import, once, where Node
 * would read a thousand files and strip their types at every start: 10 MB of memory less in each process, and a small
 * image. Names and lines stay legible in a stack trace.
 */
const target = process.argv[2]
const root = fileURLToPath(new URL('../..', import.meta.url))

/** What libraries ask for and go without: none of it is in the image. */
const dispensable = ['pg-native', 'pg-cloudflare', 'msgpackr-extract', 'supports-color', 'bufferutil']

/** `services/worker/src/main`: the same path as in the repository. */
const entries = globSync(['services/*/src/main.ts', 'packages/eipctl/src/main.ts'], { cwd: root })
const bundle = await rolldown({
  cwd: root,
  input: Object.fromEntries(entries.map((file) => [file.replace(/\.ts$/, ''), file])),
  platform: 'node',
  external: dispensable,
  onLog(level, log) {
    if (level === 'warn' && log.code === 'UNRESOLVED_IMPORT') throw new Error(log.message)
  },
})
const { output } = await bundle.write({
  dir: target,
  entryFileNames: '[name].js',
  chunkFileNames: 'chunks/[name]-[hash].js',
})
writeFileSync(join(target, 'package.json'), '{"type": "module", "private": true}\n')

/** The folder of the package that a file of `node_modules` belongs to. */
function packageOf(file) {
  return /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]
}

const packages = new Set(output.flatMap(({ moduleIds = [] }) => moduleIds.map(packageOf)).filter(Boolean))
for (const folder of packages) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const into = join(target, 'licenses', `${name}@${version}`)
  mkdirSync(into, { recursive: true })
  writeFileSync(join(into, 'license.txt'), `${license}\n`)
  for (const file of globSync('{LICEN[CS]E,NOTICE}*', { cwd: folder }))
    cpSync(join(folder, file), join(into, file))
}
