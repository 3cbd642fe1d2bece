import { afterEach, beforeEach, expect } from 'vitest'
import { staticAccess } from '../src/access/cluster-access.ts'
import { KubeError } from '../src/cluster.ts'
import { createHttpCluster, type HttpCluster } from '../src/http/http-cluster.ts'
import { type RawServer, startRawServer } from './raw-server.ts'

const token = 'secret-token'

/** A server that answers as the test says, and a cluster that speaks to it; both new for each test. */
export interface HttpStage {
  server: RawServer
  /** It waits 0.3 s for an answer, and takes 2,000 bytes for an object. */
  cluster: HttpCluster
}

export function setHttpStage(): HttpStage {
  const stage = {} as HttpStage
  beforeEach(async () => {
    stage.server = await startRawServer()
    stage.cluster = createHttpCluster({
      access: staticAccess({ server: stage.server.url, token }),
      requestTimeoutMs: 300,
      maxObjectBytes: 2_000,
    })
  })
  afterEach(async () => {
    await stage.cluster.close()
    await stage.server.close()
  })
  return stage
}

/** What the promise is rejected with: a KubeError that does not tell the token. */
export async function failure(promise: Promise<unknown>): Promise<KubeError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(KubeError)
  expect(String((error as Error).stack)).not.toContain(token)
  return error as KubeError
}
