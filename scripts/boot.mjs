// Runs every `npm run` command on a machine that has nothing but npm: installs what the lockfile names,
// finds Node >= 24, and starts the command with it. Plain JavaScript, for Node >= 18.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { onceNpmEnds } from './end-with-npm.mjs'

const pnpm = 'pnpm@12.21.0'
const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const modules = join(root, 'node_modules')
const cache = join(root, '.cache')
const stampFile = join(modules, '.pod-eip-install')

/** What each verb runs: a file, and the arguments that come before the user's. */
const verbs = {
  start: ['scripts/start/main.ts'],
  // The native loader writes no copy of the configuration, so that a clone may be read-only.
  test: ['node_modules/vitest/vitest.mjs', 'run', '--configLoader=native'],
  'test:cluster': ['scripts/test-cluster.ts'],
  typecheck: ['node_modules/typescript/bin/tsc', '-p', '.'],
  lint: ['node_modules/@biomejs/biome/bin/biome', 'check', '.'],
  format: ['node_modules/@biomejs/biome/bin/biome', 'format', '--write', '.'],
  layering: ['scripts/layering/main.ts'],
  simulate: ['test/simulation/main.ts'],
  bench: ['test/bench/main.ts'],
  faults: ['scripts/faults.ts'],
  docs: ['scripts/docs/main.ts'],
  manifests: ['scripts/manifests/main.ts'],
  kubectl: ['scripts/kubectl.ts'],
  'installed-stores': ['scripts/ci/installed-stores.ts'],
  eipctl: ['packages/eipctl/src/main.ts'],
}

async function main([verb, ...args]) {
  if (verb === 'install') return install()
  const command = Object.hasOwn(verbs, verb ?? '') ? verbs[verb] : undefined
  if (!command) fail(`say what to run: node scripts/boot.mjs install|${Object.keys(verbs).join('|')}`)
  const node = suitableNode()
  await install()
  if (!existsSync(node)) fail(`${node} is missing: remove node_modules and start again`)
  run(node, command, args)
}

/** The Node that runs us if it is new enough, else the one that the lockfile brings. */
function suitableNode() {
  const own = Number(process.versions.node.split('.')[0])
  if (own >= 24) return process.execPath
  const platform = `${process.platform}-${process.arch}`
  const packageName = `node-${platform}`
  const { optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  if (optionalDependencies[packageName]) return join(modules, packageName, 'bin', 'node')
  fail(
    `pod-eip needs Node 24 or newer, and npm brings one only for Linux; this is Node ${own} on ${platform}: install Node 24 (on macOS: brew install node@24) and start again`,
  )
}

/** Installs when the lockfile or the platform is another than at the last install. */
async function install() {
  const stamp = createHash('sha256')
    .update(readFileSync(join(root, 'pnpm-lock.yaml')))
    .update(`${process.platform}-${process.arch}`)
    .digest('hex')
  if (isInstalled(stamp)) return
  if (!isWritable(root)) {
    fail(
      `${root} has no up-to-date node_modules and you may not write there: run "node scripts/boot.mjs install" once as its owner, or use a clone of your own`,
    )
  }
  const unlock = await lockInstall()
  try {
    if (isInstalled(stamp)) return
    // Being ended half-way must not look like the old state.
    rmSync(stampFile, { force: true })
    console.error('pod-eip: installing the packages of the lockfile (first start only)')
    const done = spawnSync(
      'npx',
      [
        '--yes',
        pnpm,
        'install',
        '--frozen-lockfile',
        '--prefer-offline',
        '--config.confirm-modules-purge=false',
      ],
      // Standard output belongs to the command that runs afterwards.
      { cwd: root, env: installEnvironment(), stdio: ['ignore', 2, 2] },
    )
    if (done.error) fail(`npx, which comes with npm, cannot be run (${done.error.code}): put npm on the PATH`)
    if (done.signal) fail(`the install was ended by ${done.signal}: start again`)
    if (done.status !== 0)
      fail('the install failed, see above: check the way to the npm registry and start again')
    writeFileSync(stampFile, stamp)
  } finally {
    unlock()
  }
}

function isInstalled(stamp) {
  try {
    return readFileSync(stampFile, 'utf8') === stamp
  } catch {
    return false
  }
}

/** npm's own settings of the outer `npm run` mislead the pnpm inside; a user without a home gets one here. */
function installEnvironment() {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^npm_/i.test(name) || /^npm_config_registry$/i.test(name),
  )
  // That npm itself could be newer is of no concern here.
  const env = { ...Object.fromEntries(kept), npm_config_update_notifier: 'false' }
  if (isWritable(homedir())) return env
  const home = join(cache, 'home')
  mkdirSync(home, { recursive: true })
  return { ...env, HOME: home }
}

/** Only one start at a time installs; the others wait. Returns what gives the lock back. */
async function lockInstall() {
  const lock = join(cache, 'install.lock')
  const own = String(process.pid)
  mkdirSync(cache, { recursive: true })
  for (let told = false; ; await sleep(200)) {
    try {
      writeFileSync(lock, own, { flag: 'wx' })
      // Another start may have taken us for dead between the two lines below.
      await sleep(50)
      if (readFileSync(lock, 'utf8') === own) return () => rmSync(lock, { force: true })
    } catch (error) {
      if (error.code !== 'EEXIST' && error.code !== 'ENOENT') throw error
    }
    const owner = ownerOf(lock)
    if (owner && !isAlive(owner)) rmSync(lock, { force: true })
    else if (!told) console.error('pod-eip: waiting for another start that is installing')
    told = true
  }
}

function ownerOf(lock) {
  try {
    return Number(readFileSync(lock, 'utf8'))
  } catch {
    return 0
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

function isWritable(folder) {
  try {
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}

/** Runs the command in our place: same terminal, our signals, its exit code; it ends when we are killed. */
function run(node, [file, ...first], args) {
  const env = {
    ...process.env,
    PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}`,
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(cache, 'node-compile'),
  }
  // vitest keeps a file in the user's data folder; a user who cannot write at home gets one for this run.
  const data =
    isWritable(homedir()) || env.XDG_DATA_HOME ? undefined : mkdtempSync(join(tmpdir(), 'pod-eip-home-'))
  if (data) env.XDG_DATA_HOME = data
  const endWithParent = new URL('./end-with-parent.mjs', import.meta.url).href
  const child = spawn(node, ['--import', endWithParent, join(root, file), ...first, ...args], {
    cwd: root,
    env,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  })
  child.on('error', (error) => fail(`${node} cannot be run: ${error.message}`))
  forwardSignals(child)
  onceNpmEnds(() => child.kill('SIGTERM'))
  child.on('exit', (code, signal) => {
    if (data) rmSync(data, { recursive: true, force: true })
    if (code !== null) process.exit(code)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

/** A terminal gives Ctrl-C to the whole group, and npm passes signals on as well: pass each on only once. */
function forwardSignals(child) {
  const sent = new Set()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (sent.has(signal) || (signal === 'SIGINT' && process.stdin.isTTY)) return
      sent.add(signal)
      setTimeout(() => sent.delete(signal), 1000).unref()
      child.kill(signal)
    })
  }
}

function fail(sentence) {
  console.error(`pod-eip: ${sentence}`)
  process.exit(1)
}

await main(process.argv.slice(2))
