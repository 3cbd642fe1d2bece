/** JSON with keys in order and without undefined fields: equal values give equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, v: unknown) => {
    if (v === null || typeof v !== 'object' || Array.isArray(v)) return v
    return Object.fromEntries(
      Object.entries(v)
        .filter(([, field]) => field !== undefined)
        .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
    )
  })
}

/** Whether two plain values say the same, whatever the order of their keys. */
export function sameJson(a: unknown, b: unknown): boolean {
  return canonicalJson(a ?? null) === canonicalJson(b ?? null)
}

/** The counts without those that are 0, as the API leaves them out, except the ones in `keep`. */
export function withoutZeros<T extends object>(counts: T, keep: (keyof T)[] = []): T {
  return Object.fromEntries(
    Object.entries(counts).filter(([name, value]) => value !== 0 || keep.includes(name as keyof T)),
  ) as T
}

// Kubernetes leaves out vowels and look-alikes, so that no generated name spells a word.
const alphabet = 'bcdfghjklmnpqrstvwxz2456789'

/** A short name-safe hash (FNV-1a, 32 bits) of a plain value, as in the names of ReplicaSets and revisions. */
export function shortHash(value: unknown): string {
  return [...String(fnv1a(canonicalJson(value)))].map((digit) => alphabet[Number(digit)]).join('')
}

/** FNV-1a over the UTF-16 units of `text`: an unsigned 32-bit number. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}

/** A suffix of five characters for `metadata.generateName`. */
export function nameSuffix(random: { next(): number }): string {
  return Array.from({ length: 5 }, () => alphabet[Math.floor(random.next() * alphabet.length)]).join('')
}
