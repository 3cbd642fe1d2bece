import {
  type Cluster,
  crdDifference,
  crdRevision,
  customResourceDefinitions,
  eipClaimCrd,
  eipClaims,
  ensureCrd,
  KubeError,
} from '@pod-eip/kube'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { until } from './until.ts'

export interface CrdSubject {
  /** With a namespace `default`. */
  cluster: Cluster
  stop: () => Promise<void>
}

const name = eipClaimCrd.metadata.name
const identity = { name: 'web-0', namespace: 'default' }

/** What the definition of EIPClaim refuses and fills in, and how it comes into a cluster. */
export function eipClaimCrdContract(title: string, start: () => Promise<CrdSubject>): void {
  describe(`the definition of EIPClaim: ${title}`, () => {
    let subject: CrdSubject
    const crd = () => subject.cluster.get(customResourceDefinitions, null, name)
    const gone = () => until('the definition is gone', async () => (await crd()) === null)
    /** Somebody's own definition, or one of another build. */
    const install = (changes: { metadata?: object; spec?: object } = {}) =>
      subject.cluster.create(customResourceDefinitions, {
        ...eipClaimCrd,
        metadata: { ...eipClaimCrd.metadata, ...changes.metadata },
        spec: { ...eipClaimCrd.spec, ...changes.spec },
      })
    const revision = (of: number) => ({ annotations: { 'pod-eip/crd-revision': String(of) } })
    const make = (spec: object, metadata: object = {}) =>
      subject.cluster.create(eipClaims, { metadata: { ...identity, ...metadata }, spec })

    beforeAll(async () => {
      subject = await start()
    })
    afterAll(() => subject?.stop())

    describe('once installed', () => {
      beforeAll(() => ensureCrd(subject.cluster))
      afterEach(() => subject.cluster.delete(eipClaims, identity.namespace, identity.name))
      afterAll(async () => {
        await subject.cluster.delete(customResourceDefinitions, null, name)
        await gone()
      })

      const auto = { source: 'auto' }
      const own = (attributes: object) => ({ source: 'auto', attributes })
      test.each([
        ['a listed claim without EIPs', { source: 'listed' }, 'eipIds has to name at least one EIP'],
        ['EIPs of an auto claim', { ...auto, eipIds: ['eip-1'] }, 'eipIds is only for source listed'],
        [
          'attributes of a listed claim',
          { source: 'listed', eipIds: ['eip-1'], attributes: {} },
          'attributes are only for source auto: a listed EIP keeps its own',
        ],
        [
          'an expiry below the minimum',
          { ...auto, claimExpiredDuration: '4m59s' },
          'claimExpiredDuration is at least 5m, or 0',
        ],
        [
          'a package without its charge type',
          own({ bandwidthPackageId: 'bwp-1' }),
          'internetChargeType BANDWIDTH_PACKAGE and bandwidthPackageId go together',
        ],
        [
          'a charge type without its package',
          own({ internetChargeType: 'BANDWIDTH_PACKAGE' }),
          'internetChargeType BANDWIDTH_PACKAGE and bandwidthPackageId go together',
        ],
        [
          'an AntiDDoSEIP without its package',
          own({ addressType: 'AntiDDoSEIP' }),
          'addressType AntiDDoSEIP and antiDDoSPackageId go together',
        ],
        [
          'a zone of another EIP',
          own({ anycastZone: 'x' }),
          'anycastZone is only for addressType AnycastEIP',
        ],
        ['an unknown source', { source: 'bought' }, 'spec.source'],
        ['an id that is none', { source: 'listed', eipIds: ['1.2.3.4'] }, 'spec.eipIds[0]'],
      ])('refuses %s, and says so', async (_, spec, sentence) => {
        const refused = await make(spec).catch((error: unknown) => error)
        expect(refused).toBeInstanceOf(KubeError)
        expect(refused).toMatchObject({ status: 422 })
        expect((refused as KubeError).message).toContain(sentence)
      })

      test('refuses a name that is made up', async () => {
        const made = make(auto, { name: undefined, generateName: 'web-' })
        await expect(made).rejects.toThrow('an EIPClaim has the name of its Pod: give metadata.name')
      })

      test('fills in where the EIP comes from and that it goes with the Pod', async () => {
        expect((await make({})).spec).toEqual({ source: 'auto', deletePolicy: 'Release' })
      })

      test('demands a spec', async () => {
        const made = subject.cluster.create(eipClaims, { metadata: identity })
        await expect(made).rejects.toMatchObject({ status: 422 })
      })
    })

    describe('ensureCrd', () => {
      beforeEach(async () => {
        await subject.cluster.delete(customResourceDefinitions, null, name)
        await gone()
      })

      /** As an early build had it: fewer fields, no rules, no defaults. */
      const olderSpec = () => {
        const spec = structuredClone(eipClaimCrd.spec)
        const { openAPIV3Schema } = spec.versions[0].schema
        const { spec: wanted, status } = openAPIV3Schema.properties
        delete wanted.properties.claimExpiredDuration
        for (const field of ['source', 'deletePolicy']) delete wanted.properties[field].default
        for (const part of [openAPIV3Schema, wanted, wanted.properties.attributes, status]) {
          delete part['x-kubernetes-validations']
        }
        return spec
      }

      test('upgrades an older definition of ours in place, with the objects that it has', async () => {
        const older = await install({ metadata: revision(1), spec: olderSpec() })
        const wrong = { source: 'auto', attributes: { internetChargeType: 'BANDWIDTH_PACKAGE' } }
        const served = () =>
          subject.cluster.list(eipClaims).then(
            () => true,
            () => false,
          )
        await until('EIPClaims are served', served)
        const made = await make(wrong)
        expect(await ensureCrd(subject.cluster)).toMatchObject({
          ...{ revision: crdRevision, newer: '', done: 'updated' },
          before: { found: { metadata: { uid: older.metadata.uid } } },
        })
        const object = await subject.cluster.get(eipClaims, identity.namespace, identity.name)
        expect(object?.metadata.uid).toBe(made.metadata.uid)
        expect(object?.spec).toMatchObject(wrong)
        // What the new rules would refuse stays valid for as long as nobody changes it.
        const annotate = (body: object) =>
          subject.cluster.mergePatch(eipClaims, identity.namespace, identity.name, body)
        const changed = await annotate({
          metadata: { labels: { team: 'a' } },
          spec: { claimExpiredDuration: '1h' },
        })
        expect(changed.spec).toEqual({ ...wrong, claimExpiredDuration: '1h', deletePolicy: 'Release' })
        await expect(annotate({ spec: { attributes: { egress: 'x' } } })).rejects.toThrow('go together')
      })

      test('leaves a newer definition of ours as it is, and says so in one sentence', async () => {
        await install({
          metadata: revision(999),
          spec: { names: { ...eipClaimCrd.spec.names, shortNames: ['new'] } },
        })
        const { revision: found, newer } = await ensureCrd(subject.cluster)
        expect(found).toBe(999)
        expect(newer).toMatch(/^CustomResourceDefinition \S+ has revision 999, of a newer build .*\.$/)
        expect((await crd())?.spec.names.shortNames).toEqual(['new'])
      })

      test("leaves somebody else's alone, such as that of TKE's ipamd, and says so in one sentence", async () => {
        const theirs = await install({ metadata: { labels: {}, annotations: {} } })
        const sentence = `CustomResourceDefinition ${name} exists and was not installed by pod-eip, so it is left alone`
        await expect(ensureCrd(subject.cluster)).rejects.toThrow(sentence)
        expect((await crd())?.metadata.uid).toBe(theirs.metadata.uid)
        expect((await crd())?.metadata.labels ?? {}).toEqual({})
      })

      test('overwrites nothing that somebody installs between the look and the write', async () => {
        let looks = 0
        const overtaken: Cluster = {
          ...subject.cluster,
          async get(...args) {
            looks += 1
            if (looks > 1) return subject.cluster.get(...args)
            await install({
              metadata: { labels: {}, annotations: {} },
              spec: { names: { ...eipClaimCrd.spec.names, shortNames: ['theirs'] } },
            })
            return null
          },
        }
        await expect(ensureCrd(overtaken)).rejects.toThrow()
        expect((await crd())?.spec.names.shortNames).toEqual(['theirs'])
      })

      test('puts right what somebody edited in it', async () => {
        await ensureCrd(subject.cluster)
        await subject.cluster.mergePatch(customResourceDefinitions, null, name, {
          spec: { names: { shortNames: ['edited'] } },
        })
        await ensureCrd(subject.cluster)
        expect((await crd())?.spec.names.shortNames).toEqual(['eipc'])
        const settled = (await crd())?.metadata.generation
        await ensureCrd(subject.cluster)
        expect((await crd())?.metadata.generation).toBe(settled)
      })

      type Definition = NonNullable<Awaited<ReturnType<typeof crd>>>
      test.each<[string, string, (spec: Definition['spec']) => void]>([
        [
          'a limit more',
          'schema.openAPIV3Schema.properties.status.properties.phase.maxLength',
          ({ versions: [v1] }) => {
            v1.schema.openAPIV3Schema.properties.status.properties.phase.maxLength = 5
          },
        ],
        [
          'a field that is required',
          'schema.openAPIV3Schema.properties.status.required',
          ({ versions: [v1] }) => {
            v1.schema.openAPIV3Schema.properties.status.required = ['boundAt']
          },
        ],
        [
          'a rule more',
          'schema.openAPIV3Schema.properties.status.x-kubernetes-validations',
          ({ versions: [v1] }) => {
            const rule = { rule: 'false', message: 'nothing is right' }
            v1.schema.openAPIV3Schema.properties.status['x-kubernetes-validations'] = [rule]
          },
        ],
        [
          'a column more',
          'additionalPrinterColumns[11]',
          ({ versions: [v1] }) => {
            v1.additionalPrinterColumns.push({ name: 'Mine', type: 'string', jsonPath: '.spec.source' })
          },
        ],
        [
          'another subresource',
          'subresources.scale',
          ({ versions: [v1] }) => {
            v1.subresources.scale = { specReplicasPath: '.spec.n', statusReplicasPath: '.status.n' }
          },
        ],
        [
          'a field less',
          'schema.openAPIV3Schema.properties.status.properties.boundAt',
          ({ versions: [v1] }) => {
            delete v1.schema.openAPIV3Schema.properties.status.properties.boundAt
          },
        ],
      ])('puts %s right, and says where it was', async (_, path, edit) => {
        await ensureCrd(subject.cluster)
        const { spec } = (await crd())!
        const edited = structuredClone(spec)
        edit(edited)
        const body = { spec: { versions: edited.versions } }
        const patched = await subject.cluster.mergePatch(customResourceDefinitions, null, name, body)
        expect(crdDifference(patched)).toBe(`spec.versions[0].${path}`)
        expect(await ensureCrd(subject.cluster)).toMatchObject({
          ...{ done: 'put right', before: { path: `spec.versions[0].${path}` } },
        })
        expect((await crd())?.spec).toEqual(spec)
        expect(await ensureCrd(subject.cluster)).toMatchObject({ done: 'nothing' })
      })

      test('takes out a webhook that would convert', async () => {
        await ensureCrd(subject.cluster)
        const webhook = {
          conversionReviewVersions: ['v1'],
          clientConfig: { url: 'https://127.0.0.1:1/' },
        }
        await subject.cluster.apply(
          customResourceDefinitions,
          {
            apiVersion: eipClaimCrd.apiVersion!,
            kind: eipClaimCrd.kind!,
            metadata: { name },
            spec: { conversion: { strategy: 'Webhook', webhook } },
          },
          { fieldManager: 'theirs', force: true },
        )
        expect(await ensureCrd(subject.cluster)).toMatchObject({
          ...{ done: 'put right', before: { path: 'spec.conversion.strategy' } },
        })
        expect((await crd())?.spec.conversion).toEqual({ strategy: 'None' })
      })

      test('leaves labels and annotations of others alone', async () => {
        await ensureCrd(subject.cluster)
        const theirs = { labels: { team: 'a' }, annotations: { note: 'b' } }
        await subject.cluster.mergePatch(customResourceDefinitions, null, name, { metadata: theirs })
        expect(await ensureCrd(subject.cluster)).toMatchObject({ done: 'nothing' })
        expect((await crd())?.metadata).toMatchObject(theirs)
      })

      test('does not strand objects that are stored in a version it does not know', async () => {
        await install({ metadata: revision(1) })
        await until(
          'the definition is established',
          async () => (await crd())?.status?.conditions !== undefined,
        )
        const status = { storedVersions: ['v1', 'v7'] }
        await subject.cluster.mergePatch(
          customResourceDefinitions,
          null,
          name,
          { status },
          { subresource: 'status' },
        )
        await expect(ensureCrd(subject.cluster)).rejects.toThrow('has objects stored in version v7')
      })

      test('waits for one that is being removed to be gone, and makes it anew', async () => {
        await ensureCrd(subject.cluster)
        await make({}, { finalizers: ['example.com/hold'] })
        const before = (await crd())?.metadata.uid
        await subject.cluster.delete(customResourceDefinitions, null, name)
        const renewed = ensureCrd(subject.cluster, { timeoutMs: 60_000 })
        const held = () => subject.cluster.get(eipClaims, identity.namespace, identity.name)
        await until('the object is being deleted', async () =>
          Boolean((await held())?.metadata.deletionTimestamp),
        )
        await subject.cluster.mergePatch(eipClaims, identity.namespace, identity.name, {
          metadata: { finalizers: [] },
        })
        await renewed
        expect((await crd())?.metadata.uid).not.toBe(before)
        expect((await crd())?.metadata.deletionTimestamp).toBeUndefined()
      })
    })
  })
}
