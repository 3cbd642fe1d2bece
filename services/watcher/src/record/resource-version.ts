/** Whether `a` stands for an earlier state than `b`: resourceVersions of one cluster grow. */
export function isOlder(a: string, b: string): boolean {
  return BigInt(a) < BigInt(b)
}
