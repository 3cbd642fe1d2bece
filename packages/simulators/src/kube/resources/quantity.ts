const suffixes: Record<string, number> = {
  '': 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
}

const form = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)([numkMGTPE]?|[KMGTPE]i)$/

/** The value of a Kubernetes quantity such as `100m`, `1`, `2Gi` or `1e3`; 0 when it is none. */
export function quantity(value: string | number | undefined): number {
  if (typeof value === 'number') return value
  const match = form.exec(value ?? '')
  return match ? Number(match[1]) * suffixes[match[2]!]! : 0
}

/** Whether a text is a quantity. */
export function isQuantity(text: string): boolean {
  return form.test(text)
}
