import type { Claim } from '@pod-eip/domain'
import { createPool } from '@pod-eip/event-log'
import type { KubeObject } from '@pod-eip/kube'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Backup, backUp } from './harness/backup.ts'
import { createEipctl } from './harness/commands.ts'
import { annotation, podManifest, workloadManifest } from './harness/manifests.ts'
import { serviceNames } from './harness/services.ts'
import { onEveryCluster } from './harness/stage.ts'

/** Room for 18 EIPs. */
const cpus = [48, 48]

onEveryCluster('a log that is restored from an older backup', { cpus }, (stage) => {
  let pool: ReturnType<typeof createPool>
  let backup: Backup
  let mine: string
  /** Number of the cloud's ledger when everything was stopped. */
  let stoppedAt: number
  let before: Map<string, string>

  const listed = { attributes: null, annotations: { [annotation.idList]: '' } }
  /** What was called for in the cloud since then, and not done by itself. */
  const called = () =>
    stage.cloud.region.ledger({ after: stoppedAt }).filter(({ requestId }) => requestId !== null)
  const held = () =>
    new Map(
      stage.cloud.region
        .addresses()
        .filter(({ status }) => status !== 'OFFLINING')
        .map(({ addressId, binding }) => [addressId, binding?.privateIpAddress ?? '']),
    )
  const asking = async () => (await stage.pods()).filter(({ status }) => status?.podIP)

  async function expectEachBound(): Promise<KubeObject[]> {
    const claims = await stage.claims()
    const pods = await asking()
    for (const pod of pods) {
      const { name, uid } = pod.metadata
      const claim = claims.find(({ key }) => key === `default/${name}`)
      expect([name, claim?.phase, claim?.binding?.podUid]).toEqual([name, 'Bound', uid])
      expect([name, held().get(claim!.address!.id)]).toEqual([name, pod.status?.podIP])
    }
    return pods
  }

  beforeAll(async () => {
    pool = createPool({ url: stage.env.DATABASE_URL!, applicationName: 'backup', max: 1 })
    mine = stage.cloud.region.buyAddress()
    listed.annotations[annotation.idList] = mine
    await stage.kubectl.apply(
      workloadManifest('StatefulSet', 'kept', 3, { isStatic: true }),
      workloadManifest('Deployment', 'plain', 3),
      podManifest('first', listed),
      podManifest('short'),
    )
    await stage.eventually(async () => expect(await expectEachBound()).toHaveLength(8))
    backup = await backUp(pool, stage.env.POD_EIP_DATABASE_SCHEMA!)

    // The world goes on: Pods come, go and move, EIPs with them.
    await stage.kubectl('delete', 'pod', '--wait=false', 'kept-0', 'first', 'short')
    const [plain] = await stage.pods('app=plain')
    await stage.kubectl('delete', 'pod', '--wait=false', plain!.metadata.name)
    await stage.kubectl('scale', 'statefulset/kept', '--replicas=2')
    await stage.kubectl.apply(
      podManifest('second', listed),
      workloadManifest('StatefulSet', 'later', 3, { isStatic: true }),
    )
    await stage.eventually(async () => {
      expect(await expectEachBound()).toHaveLength(9)
      expect((await stage.eipClaims()).map(({ metadata }) => metadata.name)).toHaveLength(10)
      const shown = await stage.eipClaims()
      expect(shown.filter(({ status }) => status?.phase === 'Bound')).toHaveLength(9)
      expect(shown.find(({ metadata }) => metadata.name === 'kept-2')?.status?.phase).toBe('Retained')
    })
    await stage.services.kill(...serviceNames)
    // Some go and some come while nobody looks.
    await stage.kubectl('delete', 'pod', '--wait=false', 'kept-1')
    before = held()
    stoppedAt = stage.cloud.region.ledger().at(-1)!.number
    await backup.restore()
  })
  afterAll(() => pool.end())

  it('is found out, and nothing is decided, bound or released', async () => {
    const problem = await stage.services.startInVain('projector')
    expect(problem).toMatch(/^The event log went back: it had come to event \d+, .*run "eipctl recover"\.$/)
    for (const name of ['worker', 'watcher', 'publisher', 'api'] as const) {
      expect(await stage.services.startInVain(name)).toBe(problem)
    }
    const proofs = await stage.eipClaims()
    const head = (await stage.logged()).length
    const { stdout, stderr } = await stage.eipctl('claims', '-o', 'json')
    expect(JSON.parse(stdout)).toHaveLength(8)
    expect(stderr).toContain(`eipctl: warning: ${problem}`)
    // The watcher has a Pod to record, and the publisher EIPClaims that say otherwise than this log.
    await stage.kubectl.apply(podManifest('meanwhile'))
    await stage.eventually(async () => expect(await stage.pods()).toHaveLength(10))
    for (const name of serviceNames) await stage.services.standsStill(name)
    // Who stands still runs, too.
    expect(await stage.eipctl('recover', '--yes')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/ run \(projector, publisher, watcher, worker\): stop all of them first/),
    })
    expect((await stage.logged()).length).toBe(head)
    expect(await stage.eipClaims()).toEqual(proofs)
    await stage.services.kill(...serviceNames)
    await stage.kubectl('delete', 'pod', '--wait=false', 'meanwhile')
    expect(called()).toEqual([])
  })

  it('is compared with cloud and cluster first, and nothing is changed by that', async () => {
    const head = (await stage.logged()).length
    await stage.eventually(async () => expect((await stage.eipctl('recover')).exitCode).toBe(0))
    // Which cluster it is the log says, and nobody has to.
    const { POD_EIP_CLUSTER_ID: _, ...nameless } = stage.env
    expect(await createEipctl(nameless)('recover')).toMatchObject({ exitCode: 0 })
    expect(await createEipctl(nameless)('recover', '--cluster', 'cls-other')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/^eipctl: The log at DATABASE_URL is not that of cls-other: it says/),
    })
    const { stdout } = await stage.eipctl('recover', '-o', 'json')
    const plan = JSON.parse(stdout) as {
      claims: { claim: string; address: unknown; proof: string }[]
      left: []
      strays: []
    }
    const names = plan.claims.map(({ claim }) => claim.slice('default/'.length))
    expect(names).toEqual(
      expect.arrayContaining([
        'first',
        'second',
        'kept-0',
        'kept-2',
        'later-0',
        'later-1',
        'later-2',
        'short',
      ]),
    )
    expect(plan).toMatchObject({ left: [], strays: [] })
    expect((await stage.eipctl('recover')).stdout).toMatch(
      /^CLAIM +EIP +ADDRESS +THE-LOG-SAYS +IT-IS +PROVED-BY\n/,
    )
    expect((await stage.logged()).length).toBe(head)
  })

  it('is brought up to what is proved; no bound address is released, none lost, none doubled', async () => {
    const events = (await stage.logged()).length
    const { stdout, exitCode } = await stage.eipctl('recover', '--yes', '--by', 'Ann')
    expect(stdout).toMatch(/claims that it had otherwise: \d+\. Start the services\.\n$/)
    expect(exitCode).toBe(0)
    // What was in the log is as it was.
    const logged = await stage.logged()
    expect(logged.length).toBeGreaterThan(events)
    expect(logged.at(-1)).toMatchObject({ type: 'LogRecovered', actor: 'operator:Ann' })

    await stage.services.start(...serviceNames)
    await stage.eventually(async () => expect(await expectEachBound()).toHaveLength(9), 150)
    const claims = await stage.claims()
    expect(claims.find(({ key }) => key === 'default/kept-2')).toMatchObject({ phase: 'Retained' })
    // Every EIP is a claim's, and the same as before it all.
    const known = claims.map(({ address }) => address?.id)
    expect([...held().keys()].sort()).toEqual([...known].sort())
    expect([...held().keys()].sort()).toEqual([...before.keys()].sort())
    expect(called().filter(({ event }) => event === 'allocated' || event === 'released')).toEqual([])
    const moved = claims.find(({ key }) => key === 'default/kept-1')!.address!.id
    const cutOff = called().filter(({ event }) => event === 'unbind-started')
    expect(cutOff.filter(({ addressId }) => addressId !== moved)).toEqual([])
  })

  it('can begin anew where the log is lost, with all that Pods have', async () => {
    await stage.services.kill(...serviceNames)
    const [claims, had] = [await stage.claims(), held()]
    await pool.query(`drop schema ${stage.env.POD_EIP_DATABASE_SCHEMA} cascade`)
    const refused = await stage.eipctl('recover', '--yes')
    expect(refused.stderr).toMatch(
      /^eipctl: (Services of cluster .* run|There is no event log.*--begin-anew)/,
    )
    await stage.eventually(async () => {
      const { stdout, exitCode } = await stage.eipctl('recover', '--begin-anew', '--yes')
      expect({ stdout, exitCode }).toMatchObject({ exitCode: 0 })
    })
    stoppedAt = stage.cloud.region.ledger().at(-1)!.number
    await stage.services.start(...serviceNames)
    await stage.eventually(async () => expect(await expectEachBound()).toHaveLength(9))
    const whose = (some: Claim[]) => some.map(({ key, phase, address }) => `${key} ${phase} ${address?.id}`)
    expect(whose(await stage.claims())).toEqual(whose(claims))
    expect(held()).toEqual(had)
    expect(called()).toEqual([])
  })

  it('goes on as ever, and tells it all again record by record', async () => {
    await stage.kubectl('delete', 'statefulset', 'later')
    await stage.kubectl('delete', 'deployment', 'plain')
    await stage.eventually(async () => {
      const plain = (await stage.claims()).filter(({ key }) => key.includes('plain'))
      expect(plain).toEqual([])
    })
    await stage.eventually(async () => {
      const { stdout, exitCode } = await stage.eipctl('replay')
      expect({ stdout, exitCode }).toMatchObject({ exitCode: 0 })
    })
  })
})
