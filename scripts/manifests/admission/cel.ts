/** An expression of CEL, the language of admission policies. */
export type Cel = string

/** A variable of a policy; expressions refer to it as `variables.<name>`. */
export interface Variable {
  name: string
  expression: Cel
}

/** A text as CEL writes it. */
export function text(value: string): Cel {
  return JSON.stringify(value)
}

/** A regular expression (RE2) as CEL writes it, without a second layer of backslashes. */
export function pattern(source: string): Cel {
  if (source.includes("'")) throw new Error(`${source} has a quote, which ends a raw text of CEL`)
  return `r'${source}'`
}

/** Conditions of which one is enough. */
export function anyOf(...conditions: Cel[]): Cel {
  return `(${conditions.join(' || ')})`
}

/** One of JavaScript's white spaces. RE2's own class knows fewer, and CEL's `trim` knows others. */
export const space =
  '[\\t\\n\\v\\f\\r \\x{A0}\\x{1680}\\x{2000}-\\x{200A}\\x{2028}\\x{2029}\\x{202F}\\x{205F}\\x{3000}\\x{FEFF}]'
const noSpace = space.replace('[', '[^')

/** JavaScript's `value.trim()`. */
export function trimmed(value: Cel): Cel {
  return `${value}.find(${pattern(`(?s)${noSpace}(?:.*${noSpace})?`)})`
}

/** JavaScript's `value.length > most`: letters beyond the 16-bit ones count twice. */
export function isLonger(value: Cel, most: number): Cel {
  const beyond = `size(${value}.findAll(${pattern('[\\x{10000}-\\x{10FFFF}]')}))`
  return anyOf(`size(${value}) > ${most}`, `size(${value}) + ${beyond} > ${most}`)
}
