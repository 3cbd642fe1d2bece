import { eipClaims, type KubeObject, pods } from '@pod-eip/kube'
import { annotation, type PodOptions, podManifest } from '../../e2e/harness/manifests.ts'
import type { FaultStage } from '../fault-stage.ts'

/** Above what one step takes while the worker is killed again and again: locks and leases of the dead run out first. */
const patienceSeconds = 300
const namespace = 'default'

/** Pods that come and go under names of their own, one after the other, meeting whatever a claim may meet. */
export interface Lane {
  /**
   * Allocate, bind, move, retain, take back, unbind, release; leaves nothing. A Pod with the user's EIP comes and goes
   * beside it, in its own time: an EIP of the user's that was bound just now is given back no sooner than a minute after.
   */
  round(): Promise<void>
  /** Brings Pods and a retained claim that stay. */
  settle(): Promise<void>
  /** Ends the Pods of {@link settle}. */
  endPods(): Promise<void>
  /** Waits until their EIPs are given back or kept, and gives back the kept ones. */
  clear(): Promise<void>
  /** The user's EIP. */
  listed: string
}

/** What an EIPClaim says of itself. */
interface Told {
  phase?: string
  eipId?: string
  podUID?: string
}

export function createLane(stage: FaultStage, number: number): Lane {
  const listed = stage.cloud.region.buyAddress()
  const { client } = stage.cluster
  // No number at the end: that would be a place in the list.
  const letter = String.fromCharCode(97 + number)
  const names = {
    auto: `auto-${letter}`,
    kept: `kept-${letter}`,
    once: `once-${letter}`,
    listed: `listed-${letter}`,
  }
  const node = (index: number) => ({ 'kubernetes.io/hostname': `10.0.0.${4 + index}` })
  const create = (name: string, options: PodOptions) => client.create(pods, podManifest(name, options))
  const end = (name: string) => client.delete(pods, namespace, name)
  const eventually = <T>(assertion: () => Promise<T>) => stage.eventually(assertion, patienceSeconds)

  const bound = (pod: KubeObject) =>
    eventually(async () => {
      const { name, uid } = pod.metadata
      const told: Told = (await stage.eipClaim(name))?.status ?? {}
      if (told.phase !== 'Bound' || told.podUID !== uid || told.eipId === undefined)
        throw new Error(`${name} is ${told.phase ?? 'not there'}, for Pod ${told.podUID}`)
      return told.eipId
    })
  const gone = (name: string) =>
    eventually(async () => {
      const left = [await stage.pod(name), await stage.eipClaim(name)].flatMap((object) => object?.kind ?? [])
      if (left.length > 0) throw new Error(`${name} is still there: ${left.join(' and ')}`)
    })
  const retained = (name: string) =>
    eventually(async () => {
      const { phase, eipId }: Told = (await stage.eipClaim(name))?.status ?? {}
      if (phase !== 'Retained') throw new Error(`${name} is ${phase ?? 'not there'} and not Retained`)
      if ((await stage.pod(name)) !== null) throw new Error(`Pod ${name} is still there`)
      return eipId!
    })
  const forget = async (name: string) => {
    await client.delete(eipClaims, namespace, name)
    await gone(name)
  }
  const same = (name: string, before: string, after: string) => {
    if (before !== after) throw new Error(`${name} had ${before} to keep and has ${after}`)
  }
  const options = {
    auto: { nodeSelector: node(0) },
    kept: (index: number) => ({ isStatic: true, nodeSelector: node(index) }),
    listed: {
      attributes: null,
      annotations: { [annotation.idList]: listed },
      nodeSelector: node(1),
    },
  } satisfies Record<string, PodOptions | ((index: number) => PodOptions)>

  async function auto(): Promise<void> {
    await bound(await create(names.auto, options.auto))
    await end(names.auto)
    await gone(names.auto)
  }
  async function kept(): Promise<void> {
    const first = await bound(await create(names.kept, options.kept(0)))
    await end(names.kept)
    same(names.kept, first, await retained(names.kept))
    same(names.kept, first, await bound(await create(names.kept, options.kept(1))))
    await end(names.kept)
    await retained(names.kept)
    await forget(names.kept)
  }
  async function fromList(): Promise<void> {
    same(names.listed, listed, await bound(await create(names.listed, options.listed)))
    await end(names.listed)
    await gone(names.listed)
  }

  let beside: Promise<void> | undefined
  let failure: unknown
  function goOnBeside(): void {
    if (failure) throw failure
    beside ??= fromList().then(
      () => {
        beside = undefined
      },
      (error: unknown) => {
        failure = error
      },
    )
  }

  return {
    listed,
    async round() {
      goOnBeside()
      await Promise.all([auto(), kept()])
    },
    async settle() {
      await beside
      if (failure) throw failure
      const [eip] = await Promise.all([
        bound(await create(names.once, options.kept(1))),
        bound(await create(names.auto, options.auto)),
        bound(await create(names.kept, options.kept(0))),
        bound(await create(names.listed, options.listed)),
      ])
      await end(names.once)
      same(names.once, eip, await retained(names.once))
    },
    async endPods() {
      for (const name of [names.auto, names.kept, names.listed]) await end(name)
    },
    async clear() {
      await Promise.all([gone(names.auto), gone(names.listed), retained(names.kept)])
      await Promise.all([forget(names.kept), forget(names.once)])
    },
  }
}
