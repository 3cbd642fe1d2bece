/** A run of IPv4 addresses as numbers, both ends included. */
export interface Ipv4Range {
  first: number
  last: number
}

/** The addresses of a CIDR such as `10.1.2.0/24`; throws when it is none. */
export function parseCidr(cidr: string): Ipv4Range {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(cidr)
  const parts = match?.slice(1).map(Number)
  if (!parts || parts.slice(0, 4).some((p) => p > 255) || parts[4]! > 32) {
    throw new Error(`"${cidr}" is not an IPv4 range; write it like 10.1.2.0/24`)
  }
  const [a, b, c, d, bits] = parts as [number, number, number, number, number]
  const size = 2 ** (32 - bits)
  const address = ((a * 256 + b) * 256 + c) * 256 + d
  const first = Math.floor(address / size) * size
  return { first, last: first + size - 1 }
}

/** An address in dotted form. */
export function formatIpv4(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.')
}

/** The number of an address in dotted form. */
export function parseIpv4(address: string): number {
  return parseCidr(`${address}/32`).first
}
