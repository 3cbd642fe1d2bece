import { isPublisher } from '@pod-eip/domain'
import { KubeError, missingRight, type WriteRefusal, writeRefusal } from '@pod-eip/kube'
import { ConfigTextError } from './config-text/masq-config.ts'
import { type ConfigPlace, placeName } from './seen-config.ts'

/** What keeps the list from being as it should be, each in one sentence: what, and what to do. */
export const problems = {
  missing: (place: ConfigPlace) =>
    `There is no ConfigMap ${placeName(place)}, so nothing is done for egress; if the nodes run ip-masq-agent under another name, give that as --ip-masq-agent-config, else turn --enable-egress off.`,
  withoutText: ({ key, ...place }: ConfigPlace) =>
    `ConfigMap ${placeName({ key, ...place })} has no text under ${key}, so nothing is done for egress; put the configuration of ip-masq-agent there, {} for its defaults.`,
  unreadable: ({ key, ...place }: ConfigPlace, error: ConfigTextError) =>
    `ConfigMap ${placeName({ key, ...place })} is left alone, because what is under ${key} ${error.message}; correct it.`,
  forbidden: (place: ConfigPlace, error: KubeError) =>
    `ConfigMap ${placeName(place)} cannot be kept, for the API server refuses (${error.message}); grant the publisher list, watch and patch on it.`,
  refused: (place: ConfigPlace, { by, says }: WriteRefusal) =>
    `ConfigMap ${placeName(place)} cannot be kept, for ${by} does not take the change (${says}); let the publisher write it, and see whether it is immutable, or too large.`,
}

/** The sentence for an error that only a person can mend; `null` for what may pass by itself. */
export function problemOf(place: ConfigPlace, error: unknown): string | null {
  if (error instanceof ConfigTextError) return problems.unreadable(place, error)
  if (!(error instanceof KubeError)) return null
  if (error.status === 401 || missingRight(error) !== null) return problems.forbidden(place, error)
  const refusal = writeRefusal(error)
  return refusal && problems.refused(place, refusal)
}

/** Somebody took entries out, which are put back. */
export function takenSentence(place: ConfigPlace, writer: string): string {
  const who = writer === '' || isPublisher(writer) ? 'Somebody' : writer
  return `${who} took out of ConfigMap ${placeName(place)} what Pods with an EIP need there, and it is put back, ever later where that goes on; turn --enable-egress off to keep it out, or let your tool leave the list alone.`
}
