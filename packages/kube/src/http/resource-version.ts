/** Kubernetes promises that resourceVersions are whole numbers that can be compared. */
export function isResourceVersion(value: unknown): value is string {
  return typeof value === 'string' && /^\d+$/.test(value)
}
