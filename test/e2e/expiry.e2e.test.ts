import { producerConnection } from '@pod-eip/queue'
import { beforeAll, describe, expect, it } from 'vitest'
import { runService } from './harness/commands.ts'
import { podManifest } from './harness/manifests.ts'
import { serviceNames } from './harness/services.ts'
import { onEveryCluster } from './harness/stage.ts'

/** Room for nine EIPs. */
const cpus = [48]
const [minute, hour, day] = [60_000, 3_600_000, 86_400_000]
const annotation = 'tke.cloud.tencent.com/claim-expired-duration'

/** Static Pods by name, with what their annotation says. */
const pods = {
  plain: undefined,
  ever: '0',
  brief: '30m',
  back: '30m',
  late: '48h',
}
type Name = keyof typeof pods
const names = Object.keys(pods) as Name[]

onEveryCluster('expiry', { cpus, movesTime: true }, (stage) => {
  const eips = {} as Record<Name, string>

  const podOf = (name: Name) => {
    const annotations = pods[name] === undefined ? {} : { [annotation]: pods[name] }
    return podManifest(name, { isStatic: true, annotations })
  }
  const heldEips = () => stage.cloud.region.addresses().map(({ addressId }) => addressId)
  const statusOf = async (name: Name) => (await stage.eipClaim(name))?.status
  /** @param kept for how long after their Pods claims are kept, in ms; `null` without an end */
  async function expectKept(kept: Partial<Record<Name, number | null>>): Promise<void> {
    const found: [string, number | null][] = []
    for (const name of Object.keys(kept) as Name[]) {
      const { phase, eipId, retainedSince, retainedUntil } = (await statusOf(name)) ?? {}
      expect([name, phase, eipId]).toEqual([name, 'Retained', eips[name]])
      found.push([name, retainedUntil ? Date.parse(retainedUntil) - Date.parse(retainedSince) : null])
    }
    expect(Object.fromEntries(found)).toEqual(kept)
  }
  /** What `kubectl get eipc -o wide` shows under RETAINED-UNTIL. */
  async function shown(name: Name): Promise<string> {
    const [head, row] = (await stage.kubectl('get', 'eipc', name, '-o', 'wide')).split('\n')
    return row!.slice(head!.indexOf('RETAINED-UNTIL')).split(' ')[0]!
  }
  async function expectBound(...which: Name[]): Promise<void> {
    for (const name of which) {
      await stage.eventually(async () => {
        const [pod, status] = [await stage.pod(name), await statusOf(name)]
        expect([name, status?.phase]).toEqual([name, 'Bound'])
        expect(status?.podUID).toBe(pod?.metadata.uid)
        eips[name] ??= status?.eipId
        expect(status?.eipId).toBe(eips[name])
      })
    }
  }
  async function expectReleased(name: Name): Promise<void> {
    await stage.eventually(async () => {
      expect(heldEips()).not.toContain(eips[name])
      expect(await stage.eipClaim(name)).toBeNull()
    })
  }

  beforeAll(async () => {
    await stage.kubectl.apply(...names.map(podOf))
    await expectBound(...names)
    await stage.kubectl('delete', 'pod', '--wait=false', ...names)
  })

  it('keeps for ever unless a Pod has its own time, which shows in the status', async () => {
    const own = { brief: 30 * minute, back: 30 * minute, late: 48 * hour }
    await stage.eventually(() => expectKept({ plain: null, ever: null, ...own }))
    expect(await shown('plain')).toBe('')
    expect(await shown('brief')).toBe((await statusOf('brief'))?.retainedUntil)
  })

  it('gives a Pod that returns in time its EIP, and takes the time from the status', async () => {
    await stage.leap(20 * minute)
    await stage.kubectl.apply(podOf('back'))
    await expectBound('back')
    expect(await statusOf('back')).not.toHaveProperty('retainedUntil')
    expect(await shown('back')).toBe('')
  })

  it('releases the EIP when its time is over, and that alone, and tells it', async () => {
    await stage.leap(20 * minute)
    // Its time begins anew. The alarms ring in the next ten seconds, or as soon as something is to be done.
    await stage.kubectl('delete', 'pod', '--wait=false', 'back')
    await expectReleased('brief')
    await stage.eventually(async () => {
      const told = ['RetainedEip', 'ReleasingEip', 'ReleasedEip'].map((reason) => `EIPClaim Normal ${reason}`)
      expect(await stage.kubeEvents('brief')).toEqual(expect.arrayContaining(told))
    })
    await stage.eventually(() => expectKept({ plain: null, ever: null, back: 30 * minute, late: 48 * hour }))
  })

  it('moves the end of what is kept already when the setting changes', async () => {
    await stage.services.kill('projector')
    stage.env.POD_EIP_CLAIM_EXPIRED_DURATION = '36h'
    await stage.services.start('projector')
    await stage.eventually(() => expectKept({ plain: 36 * hour, ever: null, late: 48 * hour }))
  })

  it('after a day without services, and with Redis emptied, releases what came due, and nothing else', async () => {
    await stage.services.kill(...serviceNames)
    const redis = producerConnection(stage.env.REDIS_URL!)
    await redis.connect()
    await redis.flushall()
    redis.disconnect()
    await stage.leap(day)
    expect(heldEips()).toContain(eips.back)

    await stage.services.start(...serviceNames)
    await expectReleased('back')
    await expectKept({ plain: 36 * hour, ever: null, late: 48 * hour })
  })

  it('releases what is over by a shorter setting', async () => {
    await stage.services.kill('projector')
    stage.env.POD_EIP_CLAIM_EXPIRED_DURATION = '1h'
    await stage.services.start('projector')
    await expectReleased('plain')
    expect(heldEips().sort()).toEqual([eips.ever, eips.late].sort())
  })

  it('is in the log with its cause; and that tells it all again', async () => {
    const decisions = (await stage.logged()).filter(({ type }) => type === 'ReleaseDecided')
    expect(decisions.map(({ data }) => [data.claim, data.cause])).toEqual(
      ['brief', 'back', 'plain'].map((name) => [`default/${name}`, 'Expired']),
    )
    await stage.eventually(async () => expect(await stage.eipctl('replay')).toMatchObject({ exitCode: 0 }))
  })
})

describe('a time below five minutes is refused at the start, in one sentence', () => {
  it.each([
    ['by flag', ['--claim-expired-duration', '4m59s'], {}],
    ['by variable', [], { POD_EIP_CLAIM_EXPIRED_DURATION: '4m59s' }],
  ])('%s', async (_, flags, env) => {
    const given = {
      DATABASE_URL: 'postgres://nowhere',
      REDIS_URL: 'redis://nowhere',
      POD_EIP_CLUSTER_ID: 'cls-a',
    }
    const { stdout, stderr, exitCode } = await runService('projector', flags, { ...given, ...env })
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 })
    expect(stderr.trim().split('\n')).toEqual([
      'projector: POD_EIP_CLAIM_EXPIRED_DURATION (--claim-expired-duration) is "4m59s": not a Go duration of at least 5m, nor 0. How long a static claim keeps its EIP after its Pod, such as 1h; 0 or unset for ever.',
    ])
  })
})
