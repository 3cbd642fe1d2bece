/** A custom resource whose schema has one field for each rule that the contract asks about. */
export const group = 'contract.example.com'
export const gadgets = `/apis/${group}/v1/namespaces/default/gadgets`

const text = { type: 'string' }
const gadgetSpec = {
  type: 'object',
  required: ['size'],
  properties: {
    size: { type: 'integer', minimum: 1, maximum: 9 },
    colour: { type: 'string', enum: ['red', 'blue'], default: 'red' },
    code: { type: 'string', pattern: '^[a-z]+$', maxLength: 5 },
    port: { 'x-kubernetes-int-or-string': true },
    note: { type: 'string', nullable: true },
    free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    labels: { type: 'object', additionalProperties: text },
    parts: {
      type: 'array',
      maxItems: 2,
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      items: {
        type: 'object',
        required: ['name'],
        properties: { name: text, count: { type: 'integer', default: 1 } },
      },
    },
  },
}
const schema = {
  openAPIV3Schema: {
    type: 'object',
    properties: { spec: gadgetSpec, status: { type: 'object', properties: { seen: text } } },
  },
}
export const names = {
  plural: 'gadgets',
  singular: 'gadget',
  kind: 'Gadget',
  shortNames: ['gg'],
  categories: ['things'],
}
export const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `gadgets.${group}` },
  spec: {
    ...{ group, scope: 'Namespaced', names },
    versions: [
      {
        ...{ name: 'v1', served: true, storage: true, schema, subresources: { status: {} } },
        additionalPrinterColumns: [
          { name: 'Size', type: 'integer', jsonPath: '.spec.size' },
          { name: 'First', type: 'string', jsonPath: '.spec.parts[0].name', priority: 1 },
          { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
        ],
        selectableFields: [{ jsonPath: '.spec.colour' }],
      },
    ],
  },
}
