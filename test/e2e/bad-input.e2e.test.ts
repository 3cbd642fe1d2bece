import type { KubeObject } from '@pod-eip/kube'
import { expect, it } from 'vitest'
import { annotation, podManifest } from './harness/manifests.ts'
import { onEveryCluster } from './harness/stage.ts'

const expiry = 'tke.cloud.tencent.com/claim-expired-duration'

/** A Pod with annotations word for word. */
function podWith(name: string, annotations: Record<string, string>): KubeObject {
  const pod = podManifest(name, { withoutResource: true })
  return {
    ...pod,
    metadata: { ...pod.metadata, annotations: { ...pod.metadata.annotations, ...annotations } },
  }
}

/** What is wrong with each, what its condition says of field, value and remedy, and what mends it. */
const wrong = {
  'no-json': {
    annotations: { [annotation.attributes]: '{Bandwidth: 5}' },
    says: 'Annotation eip-attributes is not JSON: "{Bandwidth: 5}"; write it like {"Bandwidth":"100","ISP":"BGP"}.',
  },
  'bandwidth-abc': {
    annotations: { [annotation.attributes]: '{"Bandwidth":"abc"}' },
    says: 'Annotation eip-attributes has a wrong Bandwidth ("abc"): give whole Mbps from 1 to 100 for TRAFFIC_POSTPAID_BY_HOUR.',
  },
  'bandwidth-zero': {
    annotations: { [annotation.attributes]: '{"Bandwidth":"0"}' },
    says: 'Annotation eip-attributes has a wrong Bandwidth ("0"): give whole Mbps from 1 to 100 for TRAFFIC_POSTPAID_BY_HOUR.',
  },
  'bandwidth-much': {
    annotations: {
      [annotation.attributes]:
        '{"Bandwidth":"2001","InternetChargeType":"BANDWIDTH_PACKAGE","BandwidthPackageId":"bwp-0a1b2c3d"}',
    },
    says: 'Annotation eip-attributes has a wrong Bandwidth ("2001"): give whole Mbps from 1 to 2000 for BANDWIDTH_PACKAGE.',
  },
  'isp-unknown': {
    annotations: { [annotation.attributes]: '{"ISP":"ACME"}' },
    says: 'Annotation eip-attributes has a wrong ISP ("ACME"): use one of BGP, CMCC, CTCC, CUCC.',
  },
  'expiry-short': {
    annotations: { [annotation.deletePolicy]: 'Never', [expiry]: '4m' },
    says: 'Annotation claim-expired-duration is "4m"; give a Go duration of at least 5m, such as 1h, or 0 for never.',
  },
}
const wrongNames = Object.keys(wrong) as (keyof typeof wrong)[]

onEveryCluster('input that cannot be served', { cpus: [48] }, (stage) => {
  const phaseOf = async (name: string) => (await stage.eipClaim(name))?.status?.phase
  const warnings = async (name: string, reason: string) =>
    (await stage.kubeEvents(name)).filter((event) => event === `Pod Warning ${reason}`).length
  const allocated = () => stage.cloud.region.ledger().filter(({ event }) => event === 'allocated').length

  it('is refused in a sentence, costs no cloud call, and holds nobody else up', async () => {
    await stage.kubectl.apply(
      ...wrongNames.map((name) => podWith(name, wrong[name].annotations)),
      podWith('good', {}),
      podWith('policy-misspelt', { [annotation.deletePolicy]: 'never' }),
    )
    await stage.eventually(async () => {
      expect([await phaseOf('good'), await phaseOf('policy-misspelt')]).toEqual(['Bound', 'Bound'])
      for (const name of wrongNames) {
        expect(await stage.condition(name, 'Accepted')).toMatchObject({
          ...{ status: 'False', reason: 'Invalid', message: wrong[name].says },
        })
        expect(await warnings(name, 'InvalidEipRequest')).toBe(1)
      }
    })
    expect(allocated()).toBe(2)
  })

  it('a misspelt Never is served as written, with one Warning', async () => {
    const accepted = await stage.condition('policy-misspelt', 'Accepted')
    expect(accepted).toMatchObject({ status: 'True', reason: 'Accepted' })
    expect(accepted.message).toContain('but annotation eip-claim-delete-policy is "never" and not Never')
    await stage.eventually(async () =>
      expect(await warnings('policy-misspelt', 'MisspeltDeletePolicy')).toBe(1),
    )
    await stage.kubectl('delete', 'pod', 'policy-misspelt')
    await stage.eventually(async () => expect(await stage.eipClaim('policy-misspelt')).toBeNull())
  })

  it('is served once it is corrected on the living Pod, and warned of no second time', async () => {
    for (const name of wrongNames) {
      const fields = [`${annotation.attributes}={"Bandwidth":"5"}`, `${expiry}=5m`]
      await stage.kubectl('annotate', 'pod', name, '--overwrite', ...fields)
    }
    await stage.eventually(async () => {
      expect(await Promise.all(wrongNames.map(phaseOf))).toEqual(wrongNames.map(() => 'Bound'))
    })
    for (const name of wrongNames) expect(await warnings(name, 'InvalidEipRequest')).toBe(1)
    expect(allocated()).toBe(2 + wrongNames.length)
  })
})
