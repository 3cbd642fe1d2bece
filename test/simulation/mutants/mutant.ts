/** A known mistake, as a small change of one source file. */
export interface Mutant {
  /** Kebab-case, unique; names the mistake, not the code. */
  name: string
  /** Which mistake it stands for, in one sentence. */
  mistake: string
  /** From the root of the repository. */
  file: string
  /** Must be in the file exactly once. */
  find: string
  replace: string
}

/**
 * The source with the mistake in it.
 * @throws when what is to be changed is not there exactly once: the mutant has to follow the code
 */
export function mutate({ name, file, find, replace }: Mutant, source: string): string {
  const places = source.split(find).length - 1
  if (places !== 1) {
    throw new Error(
      `mutant ${name}: its search text is ${places === 0 ? 'not' : `${places} times`} in ${file}; ` +
        'let it follow the code, or take it out if the mistake cannot be made any more',
    )
  }
  return source.replace(find, () => replace)
}
