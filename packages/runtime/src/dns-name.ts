const label = '[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?'

/** Labels with dots between them, as a DNS name and most names in Kubernetes are; its length stands beside it. */
export const dnsName = `${label}(?:\\.${label})*`
/** A single label, as the name of a namespace is. */
export const dnsLabel = label
/** The longest DNS name. */
export const longestDnsName = 253
