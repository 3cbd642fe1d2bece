import type { Schema } from '../../store/schema/schema.ts'

/** Short words for schemas. The description comes last. */
export const text = (description: string): Schema => ({ type: 'string', description })
export const choice = (values: string[], description: string): Schema => ({
  type: 'string',
  enum: values,
  description,
})
export const integer = (description: string): Schema => ({ type: 'integer', description })
export const flag = (description: string): Schema => ({ type: 'boolean', description })
export const time = (description: string): Schema => ({
  type: 'string',
  format: 'date-time',
  nullable: true,
  description,
})
/** A time in microseconds: no more, and no less. */
export const microTime = (description: string): Schema => ({ ...time(description), format: 'micro-time' })
export const intOrText = (description: string): Schema => ({
  'x-kubernetes-int-or-string': true,
  description,
})

/** An object of which no more is said. */
export const anything = (description: string): Schema => ({
  type: 'object',
  description,
  'x-kubernetes-preserve-unknown-fields': true,
})

/** A map from text to text. */
export const textMap = (description: string): Schema => ({
  type: 'object',
  additionalProperties: { type: 'string' },
  description,
})

/** The same, or an object, owned as a whole by who applies it. */
export const atomic = (schema: Schema): Schema => ({ ...schema, 'x-kubernetes-map-type': 'atomic' })

/** A map of quantities, such as cpu and memory. */
export const quantities = (description: string): Schema => ({
  type: 'object',
  additionalProperties: { 'x-kubernetes-int-or-string': true, format: 'quantity' },
  description,
})

export const object = (
  properties: Record<string, Schema>,
  description: string,
  required: string[] = [],
): Schema => ({
  type: 'object',
  description,
  properties,
  ...(required.length > 0 ? { required } : {}),
})

/** A list that is replaced as a whole. */
export const list = (items: Schema, description: string): Schema => ({ type: 'array', items, description })

/** A list of values that is merged as a set. */
export const set = (items: Schema, description: string): Schema => ({
  ...list(items, description),
  'x-kubernetes-list-type': 'set',
  'x-kubernetes-patch-strategy': 'merge',
})

/** A list of objects that is merged by key; the first key alone is the one of strategic merge patches. */
export const keyed = (keys: string[], items: Schema, description: string): Schema => ({
  ...list(items, description),
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': keys,
  'x-kubernetes-patch-strategy': 'merge',
  'x-kubernetes-patch-merge-key': keys[0]!,
})

/** `status.conditions`. */
export const conditions = keyed(
  ['type'],
  object(
    {
      type: text('What the condition is about.'),
      status: choice(['True', 'False', 'Unknown'], 'Whether it holds.'),
      reason: text('Why, in one word.'),
      message: text('Why, in a sentence.'),
      observedGeneration: integer('The generation that this is said of.'),
      lastTransitionTime: time('When its status last changed.'),
      lastUpdateTime: time('When it was last written.'),
      lastProbeTime: time('When it was last looked at.'),
      lastHeartbeatTime: time('When it was last confirmed.'),
    },
    'One observation of the state.',
    ['type', 'status'],
  ),
  'What has been observed of the state.',
)
