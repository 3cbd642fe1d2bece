import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32, deflateRawSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findKubectl } from './index.ts'
import { unzipFile } from './unzip.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pod-eip-kubectl-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function program(...path: string[]): string {
  const file = join(folder, ...path)
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, '#!/bin/sh\n')
  chmodSync(file, 0o755)
  return file
}

test('the PATH comes before KUBEBUILDER_ASSETS, and that before what was fetched', async () => {
  const fetched = program('cache', 'kubectl-1.35.2')
  const assets = program('assets', 'kubectl')
  const onPath = program('bin', 'kubectl')
  mkdirSync(join(folder, 'decoy', 'kubectl'), { recursive: true })
  const find = (env: NodeJS.ProcessEnv) => findKubectl({ cacheDir: join(folder, 'cache'), env })

  const path = [join(folder, 'decoy'), join(folder, 'bin')].join(':')
  expect(await find({ PATH: path, KUBEBUILDER_ASSETS: join(folder, 'assets') })).toBe(onPath)
  expect(await find({ PATH: join(folder, 'decoy'), KUBEBUILDER_ASSETS: join(folder, 'assets') })).toBe(assets)
  expect(await find({})).toBe(fetched)
})

/** A zip archive with one file, built by hand. */
function zip(name: string, content: Buffer, method: 0 | 8): Buffer {
  const packed = method === 8 ? deflateRawSync(content) : content
  const common = Buffer.alloc(26)
  common.writeUInt16LE(20, 0)
  common.writeUInt16LE(method, 4)
  common.writeUInt32LE(crc32(content), 10)
  common.writeUInt32LE(packed.length, 14)
  common.writeUInt32LE(content.length, 18)
  common.writeUInt16LE(name.length, 22)
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), packed])
  const central = Buffer.concat([
    ...[Buffer.from('PK\x01\x02'), Buffer.alloc(2), common, Buffer.alloc(14), Buffer.from(name)],
  ])
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 0, 'latin1')
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(local.length, 16)
  return Buffer.concat([local, central, end])
}

test.each([0, 8] as const)('a file comes out of a zip archive as it went in (method %i)', (method) => {
  const content = Buffer.from('kubectl '.repeat(1000))
  expect(unzipFile(zip('kubectl/kubectl', content, method), 'kubectl/kubectl').equals(content)).toBe(true)
})

test('a missing file, a cut archive and no archive are told apart', () => {
  const archive = zip('a', Buffer.from('content'), 8)
  expect(() => unzipFile(archive, 'b')).toThrow(/has no file b/)
  expect(() => unzipFile(archive.subarray(0, 40), 'a')).toThrow(/cut short/)
})
