import { createHash } from 'node:crypto'
import { type ModelKind, modelKinds } from '@pod-eip/domain'
import { canonicalJson, type JsonObject } from '@pod-eip/event-log'
import type { ReadModels } from './read-models.ts'

/** A hash of each kind of read model: equal exactly when every record is, byte for byte. */
export type ModelHashes = { [K in ModelKind]: string }

/** Hashes all records in order of their keys. */
export async function hashModels(models: Pick<ReadModels, 'dump'>): Promise<ModelHashes> {
  const hashes = {} as ModelHashes
  for (const kind of modelKinds) {
    const hash = createHash('sha256')
    for (const [key, record] of await models.dump(kind))
      hash.update(`${key}\t${canonicalJson(record as unknown as JsonObject)}\n`)
    hashes[kind] = hash.digest('hex')
  }
  return hashes
}
