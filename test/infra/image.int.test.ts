import { execFile } from 'node:child_process'
import { access, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { root, serviceNames } from '../e2e/harness/services.ts'

const run = promisify(execFile)
let dir: string

// What the Dockerfile does where there is an engine to run it.
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pod-eip-image-'))
  await run('sh', [join(root, 'infra/image/assemble.sh'), dir])
})
afterAll(() => rm(dir, { recursive: true, force: true }))

test.each(serviceNames)('the image has all that the %s imports', async (service) => {
  const main = join(dir, `services/${service}/src/main.ts`)
  expect((await run(process.execPath, [main, '--help'])).stdout).toContain(`${service}: flags`)
})

test('and eipctl', async () => {
  const { stdout } = await run(process.execPath, [join(dir, 'packages/eipctl/src/main.ts'), '--help'])
  expect(stdout).toContain('eipctl doctor')
})

test.each(['packages/simulators', 'packages/devstack', 'node_modules/.pnpm/node_modules/vitest'])(
  'it has no %s',
  async (path) => {
    await expect(access(join(dir, path))).rejects.toThrow('ENOENT')
  },
)
