/** Letters that are kept at most, unless somebody says otherwise: whatever is meant to be read is shorter. */
const longestWords = 1_000

/** What a terminal, a browser or a log viewer would act on, or would show as something else than it is. */
const acting = /[\p{Cc}\p{Cf}\u2028\u2029]+/gu

/**
 * Words of others (the cloud, the API server, whoever wrote an annotation) as they may be logged, stored and shown: of
 * bounded length, on one line, without control characters, and without halves of letters that no store takes.
 */
export function presentable(words: string, longest = longestWords): string {
  const short = words.length > longest ? `${words.slice(0, longest)}...` : words
  return short.toWellFormed().replace(acting, ' ')
}

/** An id of a request as it may be shown; empty when it has not the form of one. */
export function presentableId(id: string): string {
  return /^[\w-]{1,100}$/.test(id) ? id : ''
}

/**
 * Text for a terminal: all of it, and what a terminal would act on written as JSON writes it, so that JSON stays the
 * same JSON. Line ends and tabs stay.
 */
export function forTerminal(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, (letter) =>
    letter === '\n' || letter === '\t'
      ? letter
      : Array.from({ length: letter.length }, (_, at) => escaped(letter.charCodeAt(at))).join(''),
  )
}

function escaped(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`
}
