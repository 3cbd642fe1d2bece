/** Owns what the publisher writes, in every object (`metadata.managedFields`). */
export const fieldManager = 'pod-eip-publisher'
