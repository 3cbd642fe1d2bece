import type { ControlPlane } from '../stage/control-plane.ts'
import { region, type Stage } from '../stage/stage.ts'

/** What the log and the cloud's ledger say about the claims and addresses that the violations name. */
export function evidence(stage: Stage, plane: ControlPlane, violations: string[], begin: number): string[] {
  const text = violations.join(' ')
  const time = (ms: number) => `${((ms - begin) / 1000).toFixed(1).padStart(7)} s `
  const events = plane.written()
  const lost = new Set(plane.restores.flatMap((restore) => restore.lost.map(({ position }) => position)))
  const ledger = stage.cloud.region({ region }).ledger()
  const eips = new Set(ledger.map((e) => e.addressId).filter((id) => text.includes(id)))
  return [
    ...events
      .filter((e) => e.stream.startsWith('claim/'))
      .filter((e) => text.includes(e.stream.slice('claim/'.length)) || eips.has(String(e.data.addressId)))
      .map(
        (e) =>
          `${time(Date.parse(e.occurredAt))} ${e.position}${lost.has(e.position) ? ' (lost)' : ''} ${e.type} ${JSON.stringify(e.data)}`,
      ),
    ...ledger
      .filter((e) => eips.has(e.addressId))
      .map(
        (e) =>
          `${time(e.at)} cloud: ${e.event} ${e.addressId} ${e.clientToken ?? ''} ${e.binding?.privateIpAddress ?? ''}`,
      ),
  ].sort()
}
