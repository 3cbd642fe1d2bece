import { join } from 'node:path'
import { formatTable } from '@pod-eip/eipctl'
import { type EipClaim, eipClaims, pods } from '@pod-eip/kube'
import { systemClock } from '@pod-eip/runtime'
import { deployments, statefulSets } from '@pod-eip/simulators/kube'
import { until } from '../contract/until.ts'
import { manifestsOf } from '../e2e/harness/installed-manifests.ts'
import { assembleImage } from '../processes/assemble-image.ts'
import { type ServiceProcess, startServiceProcess } from '../processes/service-process.ts'
import { forgetPeak, readRss } from './rss.ts'
import { surround } from './surroundings.ts'
import { workloads } from './workloads.ts'

/** So long nothing happens before a figure counts as settled, in ms. */
const settleMs = 60_000
const patienceMs = 1_800_000

/**
 * `npm run bench -- --memory`: what the five services in one process take, as the image has them and with the flags of
 * the chart, while so many Pods come, stay, are found again after a restart, and go.
 */
export async function measureMemory(count: number, say: (line: string) => void): Promise<string> {
  const around = await surround(count)
  const rows: string[][] = []
  let measured: ServiceProcess | undefined
  try {
    const image = join(around.dir, 'image')
    await assembleImage(image)
    const { args, env } = await deployed()
    const note = (what: string) => {
      const { now, peak } = readRss(measured!.pid)
      rows.push([what, mib(peak), mib(now)])
      say(`${what}: ${mib(peak)} at most, ${mib(now)} at its end (MiB)`)
      forgetPeak(measured!.pid)
    }
    const settle = async () => systemClock.sleep(settleMs)
    const start = async () => {
      measured = await startServiceProcess({
        folder: image,
        args,
        env: { ...around.env, ...env },
        wrapper: around.wrapper,
      })
      await measured.ready()
    }
    const wait = (what: string, holds: () => boolean | Promise<boolean>) =>
      until(
        what,
        () => {
          measured!.assertAlive()
          return holds()
        },
        patienceMs,
      )
    const phases = (phase: string) =>
      around.store.list(eipClaims).items.filter((claim) => (claim as EipClaim).status?.phase === phase).length

    await start()
    await settle()
    note('no Pods yet')
    for (const workload of workloads(count)) around.store.create(typeOf(workload.kind), workload)
    await wait('every Pod has its EIP', () => phases('Bound') === count)
    note(`${count} Pods get their EIPs`)
    await settle()
    note('a minute later')
    await measured!.stop()
    await start()
    await settle()
    note('another start, and a minute')
    for (const workload of workloads(count))
      around.store.delete(typeOf(workload.kind), workload.metadata.namespace!, workload.metadata.name)
    await wait(
      'the Pods have gone and what is left is kept',
      () =>
        around.store.list(pods).items.length === 0 &&
        around.store.list(eipClaims).items.length === phases('Retained'),
    )
    await settle()
    note('all Pods go, and a minute')
    await measured!.stop()
    measured = undefined
    return formatTable(['WHAT', 'PEAK MiB', 'AT ITS END MiB'], rows)
  } finally {
    await measured?.stop()
    await around.close()
  }
}

/** How the manifests run it: its arguments, and what its environment says of memory. */
async function deployed(): Promise<{ args: string[]; env: Record<string, string> }> {
  const deployment = (await manifestsOf('all-in-one')).find(({ kind }) => kind === 'Deployment')!
  const [{ args, env }] = deployment.spec.template.spec.containers
  const arenas = env.find(({ name }: { name: string }) => name === 'MALLOC_ARENA_MAX')
  return { args, env: { [arenas.name]: arenas.value } }
}

function typeOf(kind: string | undefined) {
  return kind === 'StatefulSet' ? statefulSets : deployments
}

function mib(figure: number): string {
  return figure.toFixed(0)
}
