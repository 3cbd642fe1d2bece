import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { findKubectl } from '@pod-eip/devstack'

/**
 * `npm run kubectl -- get eipc`: kubectl on the cluster that `npm start` shows, whatever KUBECONFIG says.
 * Where there is no such cluster it is kubectl as usual, and says so.
 */
const root = process.cwd()
const dir = process.env.POD_EIP_DIR || '.pod-eip'
const own = resolve(dir, 'kubeconfig')

function say(sentence: string): void {
  process.stderr.write(`pod-eip: ${sentence}\n`)
}

/** Where the cluster is; the simulated one is there only while `npm start` runs. */
function clusterEnvironment(): NodeJS.ProcessEnv {
  if (existsSync(own)) {
    if (!existsSync(join(dir, 'stores.json'))) {
      throw new Error('the simulated cluster is not running: run npm start in another terminal')
    }
    return { ...process.env, KUBECONFIG: own }
  }
  const { KUBECONFIG } = process.env
  const used = KUBECONFIG ? `KUBECONFIG=${KUBECONFIG}` : "kubectl's default configuration"
  say(`there is no ${dir}/kubeconfig (npm start writes it for a simulated cluster), so this uses ${used}`)
  return process.env
}

try {
  const env = clusterEnvironment()
  const program = await findKubectl({ cacheDir: join(root, '.cache'), onDownload: say })
  // File names on the command line are meant from where npm was called.
  const cwd = process.env.INIT_CWD ?? root
  const child = spawn(program, process.argv.slice(2), { cwd, env, stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  child.on('exit', (code) => process.exit(code ?? 1))
} catch (error) {
  say(error instanceof Error ? error.message : String(error))
  process.exit(1)
}
