import { runSeed, type SeedReport, type Telling } from '../run-seed.ts'
import { ruleOf } from './rule-of.ts'

/**
 * The shortest story found that breaks a rule as the seed's whole story does: what happens is left out, first whole
 * kinds of it, then by delta debugging (ddmin), for as long as the same rule breaks.
 *
 * @param goOn false once that has taken long enough
 * @param tell tells a story of the seed
 */
export async function shrink(
  whole: SeedReport,
  goOn: () => boolean,
  tell: (seed: number, telling: Telling) => Promise<SeedReport> = runSeed,
): Promise<SeedReport> {
  const rule = ruleOf(whole.violations[0]!)
  let best = whole

  /** Whether the rule still breaks when only these happen. */
  async function breaksWith(names: readonly string[]): Promise<boolean> {
    if (!goOn()) return false
    const report = await tell(whole.seed, { only: new Set(names), untilBroken: rule })
    const first = report.violations.find((violation) => ruleOf(violation) === rule)
    if (first === undefined) return false
    best = { ...report, violations: [first, ...report.violations.filter((v) => v !== first)] }
    return true
  }
  const without = (those: ReadonlySet<string>) => best.happened.filter((name) => !those.has(name))

  await shortenEnd()
  for (const kind of new Set(best.happened.map(kindOf))) {
    const those = new Set(best.happened.filter((name) => kindOf(name) === kind))
    if (those.size > 0 && kind !== 'moment') await breaksWith(without(those))
  }
  let parts = 2
  while (best.happened.length > 0 && goOn()) {
    const before = best.happened
    const size = Math.ceil(before.length / parts)
    let shorter = false
    // From the end: what came last is most often nothing but a consequence.
    for (let end = before.length; end > 0 && !shorter; end -= size) {
      shorter = await breaksWith(without(new Set(before.slice(Math.max(0, end - size), end))))
    }
    if (shorter) parts = Math.max(2, parts - 1)
    else if (size === 1) break
    else parts = Math.min(before.length, parts * 2)
  }
  return best

  /** The shortest beginning that breaks it, by halving. */
  async function shortenEnd(): Promise<void> {
    const all = best.happened
    let fails = all.length
    let holds = 0
    while (fails - holds > 1 && goOn()) {
      const middle = Math.floor((fails + holds) / 2)
      if (await breaksWith(all.slice(0, middle))) fails = middle
      else holds = middle
    }
  }
}

/** `worker killed before x @ worker-0 x #3` is of kind `worker killed before x`. */
function kindOf(name: string): string {
  return name.startsWith('moment ') ? 'moment' : name.split(' @ ')[0]!
}
