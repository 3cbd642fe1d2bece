import { beforeAll, expect, it } from 'vitest'
import { podManifest } from './harness/manifests.ts'
import { onEveryCluster } from './harness/stage.ts'

onEveryCluster('an account at its limits', { cpus: [48] }, (stage) => {
  const waiting = ['late-0', 'late-1']
  /** Tries are half a minute to four minutes apart by the time that a busy machine comes to wait for one. */
  const nextTry = 240

  /** The simulated cloud's control endpoint, as an operator uses it. */
  async function control(method: 'PATCH' | 'PUT', path: string, body: unknown): Promise<void> {
    const url = `${stage.cloud.env.POD_EIP_CLOUD_ENDPOINT}/_sim${path}`
    const answer = await fetch(url, { method, body: JSON.stringify(body) })
    expect(answer.status, await answer.text()).toBe(200)
  }
  const deny = (...actions: string[]) => control('PUT', '/keys/AKIDsimulated/denied-actions', actions)
  const phaseOf = async (name: string) => (await stage.eipClaim(name))?.status?.phase
  const bound = (names: string[]) =>
    stage.eventually(async () => {
      expect(await Promise.all(names.map(phaseOf))).toEqual(names.map(() => 'Bound'))
    }, nextTry)
  const events = async (name: string, event: string) =>
    (await stage.kubeEvents(name)).filter((other) => other === event).length
  const diagnosis = async () => {
    const { stdout, exitCode } = await stage.eipctl('doctor', '--json')
    return { exitCode, stdout, found: JSON.parse(stdout) as { check: string; state: string }[] }
  }

  beforeAll(async () => {
    await stage.kubectl.apply(podManifest('leaver'), podManifest('kept', { isStatic: true }))
    await bound(['leaver', 'kept'])
    await control('PATCH', '/config', { quotas: { total: 3 } })
    await deny('ReleaseAddresses')
  })

  it('has claims wait with the word of the cloud, what to do and when they go on; one Event each', async () => {
    await stage.kubectl('delete', 'pod', 'leaver')
    await stage.kubectl.apply(podManifest('fits'))
    await bound(['fits'])
    await stage.kubectl.apply(...waiting.map((name) => podManifest(name)))
    await stage.eventually(async () => {
      for (const name of waiting) {
        const { reason, message } = await stage.condition(name, 'Ready')
        expect(reason).toBe('AddressQuotaLimitExceeded')
        expect(message).toMatch(
          /quota of EIPs .* answered ".*quota of 3.*RequestId [0-9a-f-]{36}\); release EIPs .* at least every 10m\.$/,
        )
        expect(await events(name, 'Pod Warning FailedAllocateEIP')).toBe(1)
      }
      const { reason, message } = await stage.condition('leaver', 'Ready')
      expect(reason).toBe('UnauthorizedOperation')
      expect(message).toContain('grant it the policy QcloudAccessForIPAMDRoleInQcloudAllocateEIP in CAM')
      expect(await events('leaver', 'EIPClaim Warning FailedReleaseEip')).toBe(1)
    })
  })

  it('is told by the doctor: which permission is missing, and that the quota is used up', async () => {
    await stage.eventually(async () => {
      const { exitCode, stdout, found } = await diagnosis()
      expect(exitCode).toBe(1)
      const ofTheAccount = found.filter(({ check }) => /^(identity|permission|quota)/.test(check))
      const notWell = ofTheAccount.filter(({ state }) => state !== 'ok')
      expect(
        notWell.map(({ check, state }) => [check, state]),
        stdout,
      ).toEqual([
        ['permission cvm:ReleaseAddresses', 'fail'],
        ['quota TOTAL_EIP_QUOTA', 'warn'],
      ])
    }, nextTry)
  })

  it('lets claims go on that need no new EIP', async () => {
    const before = (await stage.eipClaim('kept'))?.status?.eipId
    await stage.kubectl('delete', 'pod', 'kept')
    await stage.kubectl.apply(podManifest('kept', { isStatic: true }))
    await bound(['kept'])
    expect((await stage.eipClaim('kept'))?.status?.eipId).toBe(before)
  })

  it('lets all of them go on by themselves once quota and permission are there, without another Event', async () => {
    await control('PATCH', '/config', { quotas: { total: 50 } })
    await deny()
    await bound(waiting)
    await stage.eventually(async () => expect(await stage.eipClaim('leaver')).toBeNull(), nextTry)
    for (const name of waiting) expect(await events(name, 'Pod Warning FailedAllocateEIP')).toBe(1)
    await stage.eventually(async () => {
      const { exitCode, stdout } = await diagnosis()
      expect(exitCode, stdout).toBe(0)
    }, nextTry)
    expect((await stage.eipctl('explain', 'late-0')).stdout).toContain(
      'No EIP could be allocated yet because',
    )
  })
})
