import { execFile } from 'node:child_process'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { root } from '../e2e/harness/services.ts'

/** Puts into a folder what the image has in `/pod-eip`, by the steps of the Dockerfile, with this Node. */
export async function assembleImage(folder: string): Promise<void> {
  const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` }
  await promisify(execFile)('sh', [join(root, 'infra/image/assemble.sh'), folder], { env })
}
