/** The rule that a violation names, such as `I2`. */
export function ruleOf(violation: string): string {
  return violation.split(' at ')[0]!.split(':')[0]!
}
