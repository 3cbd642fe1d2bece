import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { findKubectl } from '@pod-eip/devstack'

/**
 * `npm run kubectl -- get eipc`: kubectl on the cluster that `npm start` shows, whatever KUBECONFIG says.
 * Where there is no such cluster it is kubectl as usual, and says so.
 */
const root = process.cwd()
const own = join(root, '.pod-eip', 'kubeconfig')
const env = { ...process.env }
if (existsSync(own)) env.KUBECONFIG = own
else {
  const used = env.KUBECONFIG ? `KUBECONFIG=${env.KUBECONFIG}` : "kubectl's default configuration"
  console.error(`pod-eip: no .pod-eip/kubeconfig here (npm start writes it), so this uses ${used}`)
}

try {
  const cacheDir = join(root, '.cache')
  const program = await findKubectl({
    cacheDir,
    onDownload: (sentence) => console.error(`pod-eip: ${sentence}`),
  })
  // File names on the command line are meant from where npm was called.
  const cwd = process.env.INIT_CWD ?? root
  const child = spawn(program, process.argv.slice(2), { cwd, env, stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  child.on('exit', (code) => process.exit(code ?? 1))
} catch (error) {
  console.error(`pod-eip: ${error instanceof Error ? error.message : String(error)}`)
  process.exit(1)
}
