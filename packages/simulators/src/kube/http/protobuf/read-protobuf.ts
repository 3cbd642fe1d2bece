import { ApiError, badRequest } from '../../store/api-error.ts'
import { at, type JsonObject } from '../../store/json.ts'
import { decode, type Message } from './decode.ts'
import { protobufKinds } from './kinds.ts'

/** Every protobuf body of Kubernetes begins like this. */
const magic = Buffer.from('k8s\0')

const envelope: Message = {
  1: {
    name: 'typeMeta',
    type: { 1: { name: 'apiVersion', type: 'text' }, 2: { name: 'kind', type: 'text' } },
  },
  2: { name: 'raw', type: 'bytes' },
}

export function isProtobuf(body: Buffer): boolean {
  return body.subarray(0, magic.length).equals(magic)
}

/** The object in a protobuf body. @throws ApiError 415 for a kind that is not read from protobuf, 400 for nonsense */
export function readProtobuf(body: Buffer): JsonObject {
  try {
    const outer = decode(body.subarray(magic.length), envelope)
    const apiVersion = String(at(outer, ['typeMeta', 'apiVersion']))
    const kind = String(at(outer, ['typeMeta', 'kind']))
    const message = protobufKinds[`${apiVersion} ${kind}`]
    if (!message) {
      const sentence = `this server does not read a ${kind} of ${apiVersion} from protobuf: send JSON, as kubectl apply -f does`
      throw new ApiError(415, 'UnsupportedMediaType', sentence)
    }
    return { apiVersion, kind, ...decode(Buffer.from(String(outer.raw ?? ''), 'base64'), message) }
  } catch (error) {
    if (error instanceof RangeError)
      throw badRequest(`the body is not the protobuf that it says: ${error.message}`)
    throw error
  }
}
