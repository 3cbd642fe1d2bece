import { freePort } from '@pod-eip/devstack'
import { beforeAll, expect, it } from 'vitest'
import { createEipctl, type Eipctl, killEipctl } from './harness/commands.ts'
import { annotation, podManifest, workloadManifest } from './harness/manifests.ts'
import { serviceNames } from './harness/services.ts'
import { onEveryCluster, type Stage } from './harness/stage.ts'

const cpus = [48]

/** What eipctl finds where the cluster is gone: the stores and the cloud, and no API server. */
function envWithoutCluster({ env }: Stage): Record<string, string> {
  const { KUBECONFIG: _, POD_EIP_CLUSTER: __, ...left } = env
  return left
}

onEveryCluster('a cluster that is torn down', { cpus }, (stage) => {
  let mine: string
  let eipctl: Eipctl
  const args = (...more: string[]) => ['teardown', '--cluster', stage.clusterId, ...more]
  const held = () =>
    stage.cloud.region
      .addresses()
      .filter(({ status }) => status !== 'OFFLINING')
      .map(({ addressId, binding }) => [addressId, binding?.privateIpAddress ?? null])
  const allocations = () => stage.cloud.region.ledger().filter(({ event }) => event === 'allocated').length
  const pods = ['kept-0', 'kept-1', 'kept-2', 'listed', 'plain-0', 'plain-1']

  async function expectBound(...names: string[]): Promise<void> {
    const claims = await stage.claims()
    for (const name of names) {
      expect([name, claims.find(({ key }) => key === `default/${name}`)?.phase]).toEqual([name, 'Bound'])
    }
  }

  beforeAll(async () => {
    mine = stage.cloud.region.buyAddress()
    eipctl = createEipctl(envWithoutCluster(stage))
    await stage.kubectl.apply(
      workloadManifest('StatefulSet', 'kept', 3, { isStatic: true }),
      workloadManifest('StatefulSet', 'plain', 2),
      podManifest('listed', { attributes: null, annotations: { [annotation.idList]: mine } }),
    )
    await stage.eventually(() => expectBound(...pods))
  })

  it('goes by the tags alone only where there is no log, and not while a worker runs', async () => {
    expect(await eipctl(...args('--without-log'))).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(
        /^eipctl: The log at DATABASE_URL is there and has \d+ events: leave --without-log away/,
      ),
    })
    const { DATABASE_URL: _, ...withoutLog } = envWithoutCluster(stage)
    expect(await createEipctl(withoutLog)(...args('--without-log', '--yes'))).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/^eipctl: A worker of cluster .* runs: it would create EIPs anew\./),
    })
    expect(held()).toHaveLength(6)
  })

  it('is planned first, and nothing is changed by that', async () => {
    await stage.services.kill(...serviceNames)
    const before = held()
    const { stdout, exitCode } = await eipctl(...args('-o', 'json'))
    expect(exitCode).toBe(0)
    const plan = JSON.parse(stdout)
    expect(plan).toMatchObject({ cluster: stage.clusterId, source: 'log', done: false, livePods: 6 })
    const does = plan.items.map(({ claim, does }: { claim: string; does: string }) => `${claim} ${does}`)
    expect(does.sort()).toEqual(
      pods.map((name) => `default/${name} ${name === 'listed' ? 'unbind' : 'unbind and release'}`),
    )
    const table = await eipctl(...args())
    expect(table.stdout).toMatch(/^EIP +ADDRESS +CLAIM +BOUND-TO +DOES +WHY\n/)
    expect(table.stdout).toContain(`To do this: eipctl teardown --cluster ${stage.clusterId} --yes`)
    expect(held()).toEqual(before)
  })

  it('goes on where it was killed, without a cluster, a service or Redis, and ends with nothing left', async () => {
    const { REDIS_URL: _, ...env } = envWithoutCluster(stage)
    await killEipctl(env, /was unbound/, ...args('--yes'))
    expect(held().length).toBeGreaterThan(1)
    const { stdout, exitCode } = await createEipctl(env)(...args('--yes'))
    expect(stdout).toContain(`Nothing is left of cluster ${stage.clusterId}.\n`)
    expect(exitCode).toBe(0)
    expect(held()).toEqual([[mine, null]])
    const again = await eipctl(...args('--yes'))
    expect(again).toMatchObject({ stdout: `Nothing is left of cluster ${stage.clusterId}.\n`, exitCode: 0 })
    for (const what of ['unbind-started', 'released']) {
      const befell = stage.cloud.region.ledger().filter(({ event }) => event === what)
      expect(new Set(befell.map(({ addressId }) => addressId)).size).toBe(befell.length)
    }
    expect(await eipctl('replay')).toMatchObject({ exitCode: 0 })
  })

  it('gives its Pods no EIP any more, and says why', async () => {
    const before = allocations()
    await stage.services.start(...serviceNames)
    await stage.kubectl.apply(podManifest('late'))
    await stage.eventually(async () => {
      for (const name of ['late', 'kept-0']) {
        const ready = await stage.condition(name, 'Ready')
        expect(ready).toMatchObject({ status: 'False', reason: 'ClusterTornDown' })
        expect(ready.message).toMatch(/^Cluster .* was torn down by .*--cancel/)
      }
    })
    expect(allocations()).toBe(before)
    expect(held()).toEqual([[mine, null]])
  })

  it('goes on as before when the order is taken back', async () => {
    expect((await eipctl(...args('--cancel'))).exitCode).toBe(0)
    await stage.eventually(() => expectBound(...pods, 'late'))
    expect((await eipctl(...args('--cancel'))).exitCode).toBe(1)
  })

  it('can be torn down when its log is lost, too', async () => {
    await stage.services.kill(...serviceNames)
    const env: Record<string, string> = {
      ...envWithoutCluster(stage),
      DATABASE_URL: `postgresql://nobody@127.0.0.1:${await freePort()}/none`,
    }
    const lost = createEipctl(env)
    expect(await lost(...args('--yes'))).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(
        /^eipctl: nothing listens where Postgres at DATABASE_URL should be.*--without-log/,
      ),
    })
    const { REDIS_URL: _, ...withoutRedis } = env
    await killEipctl(withoutRedis, /was unbound/, ...args('--without-log', '--yes'))
    // The worker that was killed has its turn for some seconds more.
    await stage.eventually(async () => {
      const { stdout, exitCode } = await lost(...args('--without-log', '--yes'))
      expect(stdout).toContain(`Nothing is left of cluster ${stage.clusterId}.`)
      expect(exitCode).toBe(0)
    })
    const own = (await stage.pod('listed'))!.status!.podIP
    expect(held()).toEqual([[mine, own]])
  })
})
