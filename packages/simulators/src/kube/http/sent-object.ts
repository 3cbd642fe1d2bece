import type { KubeObject } from '@pod-eip/kube'
import { badRequest } from '../store/api-error.ts'
import { isObject, type JsonObject } from '../store/json.ts'
import type { ResourceType } from '../store/resource-type.ts'
import { type Exchange, readObjectBody } from './exchange.ts'

/** The object of a POST or PUT. What is built in may leave its kind out. @throws ApiError 400 */
export async function readSentObject(exchange: Exchange, type: ResourceType): Promise<KubeObject> {
  const object = await readObjectBody(exchange)
  if (type.custom) demandKind(object, `the object provided is unrecognized (must be of type ${type.kind}): `)
  if (!isObject(object.metadata)) object.metadata = { name: '' }
  return object as KubeObject
}

/** @throws ApiError 400 when an object does not say what it is */
export function demandKind(object: JsonObject, before: string): void {
  for (const [field, name] of [
    ['kind', 'Kind'],
    ['apiVersion', 'apiVersion'],
  ] as const) {
    if (!object[field])
      throw badRequest(`${before}Object '${name}' is missing in '${JSON.stringify(object)}'`)
  }
}
