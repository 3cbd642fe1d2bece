/** A block of IPv4 addresses: the first `bits` bits of all of them are those of `base`. */
export interface Ipv4Block {
  /** The lowest address of the block, as a number from 0 to 2^32 - 1. */
  base: number
  bits: number
}

const octet = '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
const addressPattern = new RegExp(`^${octet}\\.${octet}\\.${octet}\\.${octet}$`)
const blockPattern = /^([0-9.]+)\/(3[0-2]|[12]?\d)$/

/** An address such as `10.0.0.5` as a number; `null` for anything else, IPv6 included. */
export function parseIpv4(text: string): number | null {
  const octets = addressPattern.exec(text)?.slice(1)
  return octets ? octets.reduce((number, part) => number * 256 + Number(part), 0) : null
}

/** A block such as `10.0.0.0/24`; `null` for anything else. Bits of the host part count for nothing. */
export function parseIpv4Block(text: string): Ipv4Block | null {
  const [, address = '', length] = blockPattern.exec(text) ?? []
  const ip = parseIpv4(address)
  if (ip === null) return null
  const bits = Number(length)
  return { base: ip - (ip % sizeOf(bits)), bits }
}

export function formatIpv4(ip: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(ip / 2 ** shift) % 256).join('.')
}

export function formatIpv4Block({ base, bits }: Ipv4Block): string {
  return `${formatIpv4(base)}/${bits}`
}

/** The last address of the block. */
export function lastOf({ base, bits }: Ipv4Block): number {
  return base + sizeOf(bits) - 1
}

/** Whether an address is in one of the blocks, however many these are. */
export function inOneOf(blocks: Iterable<Ipv4Block>): (ip: number) => boolean {
  const bases = new Map<number, Set<number>>()
  for (const { base, bits } of blocks) bases.set(bits, (bases.get(bits) ?? new Set()).add(base))
  return (ip) => [...bases].some(([bits, of]) => of.has(ip - (ip % sizeOf(bits))))
}

/** The fewest blocks that hold exactly these addresses and no other, in order. */
export function mergeIpv4(addresses: Iterable<number>): Ipv4Block[] {
  const sorted = [...new Set(addresses)].sort((a, b) => a - b)
  const blocks: Ipv4Block[] = []
  for (let first = 0; first < sorted.length; ) {
    let end = first
    while (sorted[end + 1] === sorted[end]! + 1) end += 1
    blocks.push(...blocksOfRange(sorted[first]!, sorted[end]!))
    first = end + 1
  }
  return blocks
}

/** The fewest blocks that hold exactly the addresses from `from` to `to`: at each step the largest that fits. */
function blocksOfRange(from: number, to: number): Ipv4Block[] {
  const blocks: Ipv4Block[] = []
  for (let base = from; base <= to; ) {
    let bits = 32
    while (bits > 0 && base % sizeOf(bits - 1) === 0 && base + sizeOf(bits - 1) - 1 <= to) bits -= 1
    blocks.push({ base, bits })
    base += sizeOf(bits)
  }
  return blocks
}

function sizeOf(bits: number): number {
  return 2 ** (32 - bits)
}
