import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { root } from '../e2e/harness/services.ts'
import { run } from './programs.ts'

describe('the programs of a real control plane that CI runs on', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pod-eip-assets-'))
    await writeFile(join(folder, 'unpack'), 'echo "$1"')
    await writeFile(join(folder, 'broken'), 'exit 1')
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  test.each([
    ['are those that somebody names', '/own', 'unpack', '/own', 0],
    ['stay so where nothing can be unpacked', '/own', 'broken', '/own', 0],
    ['else what is unpacked', '', 'unpack', 'cache', 0],
    ['are not there where that fails', '', 'broken', '', 1],
    ['nor without anything to unpack', '', 'missing', '', 0],
  ])('%s', async (_, named, unpack, expected, code) => {
    const script = join(root, 'scripts/ci/kube-assets.sh')
    const said = await run('env', [
      `KUBEBUILDER_ASSETS=${named}`,
      ...['sh', script, join(folder, unpack), 'cache'],
    ])
    expect([said.stdout.trim(), said.code]).toEqual([expected, code])
  })
})
