import { freePort, isPortFree } from '@pod-eip/devstack'

/** Where the API answers at every start, unless another program is there. */
const preferredPort = 8080

/** The port that the environment asks for; else the preferred one, or a free one where that is taken. */
export async function chooseApiPort(env: NodeJS.ProcessEnv): Promise<string> {
  if (env.POD_EIP_API_PORT && env.POD_EIP_API_PORT !== '0') return env.POD_EIP_API_PORT
  if (!env.POD_EIP_API_PORT && (await isPortFree(preferredPort))) return String(preferredPort)
  return String(await freePort())
}
