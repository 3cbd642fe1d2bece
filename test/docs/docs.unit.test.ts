import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { annotationNames, claimPhases, defaultAnnotationDomain } from '@pod-eip/domain'
import { runCli } from '@pod-eip/eipctl'
import type { KubeObject } from '@pod-eip/kube'
import { seededIds, seededRandom } from '@pod-eip/runtime'
import { createKubeStore } from '@pod-eip/simulators/kube'
import { describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { anchorsOf, commandsOf, linksOf, readPages, root } from './pages.ts'
import { settingRows, settingsIn, settingsInCode } from './settings-in-code.ts'

const pages = readPages()
const whole = pages.map((page) => page.text).join('\n')
const guides = pages.filter((page) => !page.path.startsWith('docs/adr/'))

describe.each(pages.map((page) => [page.path, page] as const))('%s', (path, page) => {
  test('has no link that leads nowhere', () => {
    for (const link of linksOf(page)) {
      if (/^https?:/.test(link)) continue
      const [file, anchor] = link.split('#') as [string, string | undefined]
      const target = normalize(join(dirname(path), file || `../${path}`))
      expect(existsSync(join(root, target)), `${link} in ${path}`).toBe(true)
      if (anchor === undefined) continue
      const there = pages.find((other) => other.path === (file === '' ? path : target))
      expect(there && anchorsOf(there), `${link} in ${path}`).toContain(anchor)
    }
  })

  test('names no command that does not exist', async () => {
    const verbs = await eipctlVerbs()
    for (const command of commandsOf(page)) {
      const [, script] = /^npm run (?:-s )?([a-z:-]+)/.exec(command) ?? []
      if (script !== undefined) expect(npmScripts, command).toContain(script)
      const [, short] = /^npm (start|test)\b/.exec(command) ?? []
      if (short !== undefined) expect(npmScripts, command).toContain(short)
      const [, verb] = /\beipctl -- ([a-z]+)/.exec(command) ?? []
      if (verb !== undefined) expect(verbs, command).toContain(verb)
      const [, program] = /^node (\S+)/.exec(command) ?? []
      if (program !== undefined) expect(existsSync(join(root, program)), command).toBe(true)
    }
  })

  test('names no file of the repository that is not there', () => {
    for (const [, name] of page.text.matchAll(
      /`((?:packages|services|scripts|test|migrations|docs)\/[^`*\s]+)`/g,
    )) {
      expect(existsSync(join(root, name!)), `${name} in ${path}`).toBe(true)
    }
  })
})

test('verbs of npm run and eipctl are named in the text only where they exist', async () => {
  const verbs = await eipctlVerbs()
  for (const [, script] of whole.matchAll(/`npm run (?:-s )?([a-z:-]+)/g))
    expect(npmScripts).toContain(script)
  for (const [, verb] of whole.matchAll(/`eipctl ([a-z]+)/g)) expect(verbs).toContain(verb)
  for (const verb of verbs) expect(whole, `eipctl ${verb}`).toContain(`eipctl -- ${verb}`)
})

describe('settings', () => {
  const inCode = settingsInCode()

  test('every one that the pages name is read by code', () => {
    for (const name of settingsIn(whole)) expect([...inCode.keys()]).toContain(name)
  })

  test('every one that code reads is documented', () => {
    const documented = settingsIn(guides.map((page) => page.text).join('\n'))
    for (const name of inCode.keys()) expect([...documented]).toContain(name)
  })

  test('every flag stands beside its variable, and the other way round', () => {
    const rows = guides.flatMap((page) => settingRows(page.text))
    for (const { env, flag } of rows) {
      if (flag !== '') expect([...inCode.get(env)!], env).toContain(flag)
    }
    for (const [env, flags] of inCode) {
      for (const flag of flags) expect(rows, `${env} and --${flag}`).toContainEqual({ env, flag })
    }
  })
})

test('every annotation and phase is explained in the README, and no other', () => {
  const readme = pages[0]!.text
  const names = Object.values(annotationNames(defaultAnnotationDomain))
  for (const name of names) expect(readme).toContain(name)
  for (const [, name] of whole.matchAll(/`(tke\.cloud\.tencent\.com\/(?:eip|claim)[a-z-]*)/g)) {
    expect(names).toContain(name)
  }
  for (const phase of claimPhases) expect(readme).toContain(`| \`${phase}\` |`)
})

const examples = [...new Set([...whole.matchAll(/examples\/([a-z0-9-]+\.yaml)/g)].map(([, file]) => file!))]

test.each(examples)('an API server accepts %s, to the last field', (file) => {
  const clock = { now: () => 0, sleep: () => Promise.resolve() }
  const store = createKubeStore({ clock, ids: seededIds(seededRandom(1)) })
  const documents = parseAllDocuments(readFileSync(join(root, 'docs', 'examples', file), 'utf8'))
  expect(documents.length).toBeGreaterThan(0)
  for (const document of documents) {
    const object = document.toJS() as KubeObject
    const type = store.resources().find((t) => t.kind === object.kind)
    expect(type, object.kind).toBeDefined()
    const accepted = store.create(type!, object, { dryRun: true, fieldValidation: 'Strict' })
    expect(accepted.metadata.name).toBe(object.metadata.name)
    expect(store.list(type!).items).toEqual([])
  }
})

test('the picture of the README is there and shows what npm start shows', () => {
  const picture = join(root, 'docs/images/start.svg')
  expect(statSync(picture).size).toBeGreaterThan(0)
  expect(readFileSync(picture, 'utf8')).toContain('get eipc -o wide')
})

const npmScripts = Object.keys(
  (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> })
    .scripts,
)

async function eipctlVerbs(): Promise<string[]> {
  const lines: string[] = []
  const nothing = () => Promise.reject(new Error('help opens nothing'))
  await runCli(['help'], {
    open: nothing,
    environment: () => ({}),
    user: () => 'somebody',
    now: () => 0,
    out: (line) => void lines.push(line),
    err: (line) => void lines.push(line),
    signal: new AbortController().signal,
  })
  return [...lines.join('\n').matchAll(/^ {2}eipctl ([a-z]+)/gm)].map(([, verb]) => verb!)
}
