import { pattern, type Variable } from './cel.ts'

/**
 * CEL has no reader for JSON. What it has are regular expressions: they cut a text into JSON's tokens, and tell
 * whether the tokens stand in JSON's order as far as objects and lists are nested no deeper than what is asked for
 * can be. Deeper ones are left to pod-eip itself.
 */
const text = '"(?:[^"\\\\\\x00-\\x1f]|\\\\(?:["\\\\/bfnrt]|u[0-9a-fA-F]{4}))*"'
const number = '-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?'
const space = '[ \\t\\n\\r]+'
const token = `${text}|${number}|true|false|null|[{}\\[\\],:]|${space}`

/** A value whose tokens are written as in {@link shapeOf}, nested so deep at most. */
function value(depth: number): string {
  if (depth === 0) return '[sv]'
  const inner = value(depth - 1)
  const list = `\\[(?:${inner}(?:,${inner})*)?\\]`
  const object = `\\{(?:s:${inner}(?:,s:${inner})*)?\\}`
  return `(?:[sv]|${list}|${object})`
}

/** Brackets that open as often as they close, nested so deep at most, whatever kinds meet. */
function brackets(depth: number): string {
  return depth === 0 ? '' : `(?:[\\[{]${brackets(depth - 1)}[\\]}])*`
}

/** An object with tags is three deep: object, list, object. */
const deepest = 3

/** What stands between the braces of an object: a name, a colon, and anything that is nested two deep at most. */
const simple = `(?:[^"\\[\\]{}]|${text})*`
const nested = `[\\[{](?:[^"\\[\\]{}]|${text}|[\\[{]${simple}[\\]}])*[\\]}]`
export const member = `${text}:(?:${text}|[^"\\[\\]{},]+|${nested})`

/** Text to kinds of tokens: `s` a text, `v` another value, `[ ] { } , :` as they are. */
const shapeOf = `variables.tokens.map(t, t.startsWith('"') ? 's' : t.matches(${pattern('^[-0-9tfn]')}) ? 'v' : t).join('')`

/**
 * Variables about the JSON in `variables.attributes`: `tokens`, without white space; `isText`, no token is broken;
 * `shape`; `isShallow`, shallow enough to be judged; `isJson` and `notJson`, neither of which holds where it is not
 * known; `members` of the object as `"name":value`, without white space.
 */
export const jsonVariables: Variable[] = [
  { name: 'pieces', expression: `variables.attributes.findAll(${pattern(token)})` },
  { name: 'tokens', expression: `variables.pieces.filter(p, !p.matches(${pattern(`^${space}$`)}))` },
  { name: 'isTokens', expression: "variables.pieces.join('') == variables.attributes" },
  { name: 'shape', expression: shapeOf },
  { name: 'nesting', expression: `variables.shape.findAll(${pattern('[\\[\\]{}]')}).join('')` },
  { name: 'isShallow', expression: `variables.nesting.matches(${pattern(`^${brackets(deepest)}$`)})` },
  {
    name: 'isJson',
    expression: `variables.isTokens && variables.shape.matches(${pattern(`^${value(deepest)}$`)})`,
  },
  {
    name: 'notJson',
    expression: [
      '!variables.isTokens',
      'variables.isShallow && !variables.isJson',
      `size(variables.nesting.findAll(${pattern('[\\[{]')})) * 2 != size(variables.nesting)`,
    ].join(' || '),
  },
  { name: 'compact', expression: "variables.tokens.join('')" },
  { name: 'members', expression: `variables.compact.substring(1).findAll(${pattern(member)})` },
]
