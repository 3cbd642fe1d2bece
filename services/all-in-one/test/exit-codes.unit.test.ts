import { execFile } from 'node:child_process'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../../..')
const settings = {
  DATABASE_URL: 'postgresql://user:password@127.0.0.1:1/pod_eip',
  REDIS_URL: 'redis://127.0.0.1:1',
  POD_EIP_CLUSTER_ID: 'cls-1',
  TENCENTCLOUD_REGION: 'ap-guangzhou',
}

/** How a program of Node ends. */
const endOf = (args: string[], env: NodeJS.ProcessEnv) =>
  new Promise<{ code: unknown; stderr: string }>((resolve) => {
    execFile(process.execPath, args, { cwd: root, env, timeout: 60_000 }, (error, _, stderr) =>
      resolve({ code: error?.code ?? 0, stderr }),
    )
  })

const closings: (() => void)[] = []
afterEach(() => closings.splice(0).forEach((close) => void close()))

test.each(['watcher', 'publisher', 'all-in-one'])(
  '%s without a cluster is one sentence and exit code 2',
  async (service) => {
    const main = [`services/${service}/src/main.ts`]
    const simulated = await endOf(main, { ...settings, POD_EIP_CLUSTER: 'simulated' })
    expect(simulated).toEqual({
      code: 2,
      stderr: expect.stringMatching(/^[a-z-]+: POD_EIP_CLUSTER is "simulated": .*[.]\n$/),
    })
    if (service === 'all-in-one') return
    const file = { POD_EIP_CLUSTER: 'kubernetes', KUBECONFIG: '/nope' }
    expect(await endOf(main, { ...settings, ...file })).toEqual({
      code: 2,
      stderr: `${service}: KUBECONFIG /nope cannot be read: there is no such file.\n`,
    })
  },
)

test('a port of the probes that another program has is one sentence and exit code 2', async () => {
  const server = createServer()
  closings.push(() => server.close())
  await new Promise<void>((resolve) => server.listen(0, resolve))
  const { port } = server.address() as { port: number }
  const program = `
    import { runService, silentLogger } from '@pod-eip/runtime'
    const service = { run: async () => {}, health: () => ({ live: true, ready: true }), close: async () => {} }
    await runService('some', async () => ({ service, logger: silentLogger, port: ${port} }))`
  expect(await endOf(['--input-type=module', '--eval', program], {})).toEqual({
    code: 2,
    stderr: `some: POD_EIP_HEALTH_PORT (--health-port) is ${port}: another program listens on it; give a free one, or 0 for any\n`,
  })
})

test('a log file that cannot be written is one sentence and exit code 2', async () => {
  const file = join(import.meta.filename, 'log')
  const { code, stderr } = await endOf(['services/api/src/main.ts', `--log-file=${file}`], settings)
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: expect.stringContaining(
      `api: POD_EIP_LOG_FILE (--log-file) is ${JSON.stringify(file)}: it cannot be`,
    ),
  })
})
