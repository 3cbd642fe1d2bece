import { describe, expect, it } from 'vitest'
import { type ApiScene, collections, pod, refused } from './scene.ts'

const { deployments, pods } = collections
const slot = 'tke.cloud.tencent.com/eip'
const resourcesPath = 'spec.containers[0].resources'

export function podsContract(scene: ApiScene): void {
  const container = (resources: object) => ({ name: 'app', image: 'example.com/app:1', resources })
  const asking = (resources: object) => pod(scene.fresh(), { spec: { containers: [container(resources)] } })
  const tried = (object: object) => scene.post(`${pods}?dryRun=All`, object)

  describe('what a container asks for', () => {
    it('is its limit, where it says nothing else', async () => {
      const limits = { cpu: '1', [slot]: '1' }
      const { body } = await tried(asking({ limits, requests: { cpu: '500m' } }))
      expect(body.spec.containers[0].resources).toEqual({ limits, requests: { cpu: '500m', [slot]: '1' } })
    })

    it.each<[string, object, string]>([
      [
        'an extended resource without a limit',
        { requests: { [slot]: '1' } },
        `${resourcesPath}.limits: Required value: Limit must be set for non overcommitable resources`,
      ],
      [
        'less of an extended resource than the limit',
        { requests: { [slot]: '1' }, limits: { [slot]: '2' } },
        `${resourcesPath}.requests: Invalid value: "1": must be equal to ${slot} limit of 2`,
      ],
      [
        'half of an extended resource',
        { limits: { [slot]: '500m' } },
        `${resourcesPath}.limits[${slot}]: Invalid value: "500m": must be an integer`,
      ],
      [
        'more than the limit',
        { requests: { cpu: '2' }, limits: { cpu: '1' } },
        `${resourcesPath}.requests: Invalid value: "2": must be less than or equal to cpu limit of 1`,
      ],
      [
        'less than nothing',
        { requests: { cpu: '-1' } },
        `${resourcesPath}.requests[cpu]: Invalid value: "-1": must be greater than or equal to 0`,
      ],
      [
        'what nobody knows',
        { limits: { foo: '1' } },
        `${resourcesPath}.limits[foo]: Invalid value: "foo": must be a standard resource type or fully qualified`,
      ],
      [
        'what only a quota knows',
        { limits: { pods: '1' } },
        `${resourcesPath}.limits[pods]: Invalid value: "pods": must be a standard resource for containers`,
      ],
      [
        'a name that is kept for quotas',
        { limits: { 'requests.example.com/a': '1' } },
        `${resourcesPath}.limits[requests.example.com/a]: Invalid value: "requests.example.com/a": doesn't follow extended resource name standard`,
      ],
      [
        'huge pages alone',
        { limits: { 'hugepages-2Mi': '2Mi' } },
        `${resourcesPath}: Forbidden: HugePages require cpu or memory`,
      ],
    ])('cannot be %s', async (_, resources, says) => {
      expect(refused(await tried(asking(resources)), 422, 'Invalid').message).toContain(says)
    })

    it('cannot be a text that is no quantity', async () => {
      const { message } = refused(await tried(asking({ limits: { cpu: 'many' } })), 400, 'BadRequest')
      expect(message).toContain('quantities must match the regular expression')
    })

    it('is looked at in init containers and in templates, too', async () => {
      const resources = { requests: { [slot]: '1' } }
      const says = 'resources.limits: Required value: Limit must be set'
      const init = pod(scene.fresh(), {
        spec: { initContainers: [{ ...container(resources), name: 'first' }] },
      })
      expect(refused(await tried(init), 422, 'Invalid').message).toContain(`spec.initContainers[0].${says}`)
      const labels = { app: 'a' }
      const template = { metadata: { labels }, spec: { containers: [container(resources)] } }
      const deployment = {
        metadata: { name: scene.fresh() },
        spec: { selector: { matchLabels: labels }, template },
      }
      const answer = await scene.post(`${deployments}?dryRun=All`, deployment)
      expect(refused(answer, 422, 'Invalid').message).toContain(`spec.template.spec.containers[0].${says}`)
    })
  })

  describe('the rolling update of a Deployment', () => {
    it.each<[string, object, string]>([
      [
        'adds a Pod or takes one away',
        { rollingUpdate: { maxSurge: 0, maxUnavailable: '0%' } },
        'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "0%": may not be 0 when `maxSurge` is 0',
      ],
      [
        'is none where Pods are made anew',
        { type: 'Recreate', rollingUpdate: { maxSurge: 1 } },
        "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'",
      ],
    ])('%s', async (_, strategy, says) => {
      const labels = { app: 'a' }
      const template = { metadata: { labels }, spec: { containers: [container({})] } }
      const spec = { strategy, selector: { matchLabels: labels }, template }
      const answer = await scene.post(deployments, { metadata: { name: scene.fresh() }, spec })
      expect(refused(answer, 422, 'Invalid').message).toContain(says)
    })
  })

  describe('a Pod', () => {
    it.each(['serviceAccountName', 'serviceAccount'])('whose %s is not there is forbidden', async (field) => {
      const name = scene.fresh()
      const status = refused(await tried(pod(name, { spec: { [field]: 'nobody' } })), 403, 'Forbidden')
      expect(status.message).toBe(
        `pods "${name}" is forbidden: error looking up service account default/nobody: serviceaccount "nobody" not found`,
      )
    })

    it.each([
      ['example.com/up', 201],
      ['up', 201],
      ['is up', 422],
      ['Example.com/up', 422],
      ['', 422],
    ])('with the readiness gate "%s" is answered %i', async (conditionType, code) => {
      const { status, body } = await tried(
        pod(scene.fresh(), { spec: { readinessGates: [{ conditionType }] } }),
      )
      expect(status).toBe(code)
      if (code === 422) expect(body.message).toContain('spec.readinessGates[0].conditionType: Invalid value')
    })

    it('has no two containers of one name', async () => {
      const object = pod(scene.fresh(), { spec: { initContainers: [{ name: 'app', image: 'a' }] } })
      expect(refused(await tried(object), 422, 'Invalid').message).toContain(
        'spec.initContainers[0].name: Duplicate value: "app"',
      )
    })
  })
}
