import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'
import { type Mutant, mutate } from './mutant.ts'
import { root } from './root.ts'

/**
 * Modules that are loaded from now on have the mistake in them; no file is changed. For a process of its own: a
 * module that was loaded before stays as it is.
 * @returns whether the file was loaded so far
 */
export function loadMutant(mutant: Mutant): () => boolean {
  const target = pathToFileURL(root + mutant.file).href
  let loaded = false
  registerHooks({
    load(url, context, nextLoad) {
      const module = nextLoad(url, context)
      if (url !== target) return module
      loaded = true
      return { ...module, source: mutate(mutant, String(module.source)) }
    },
  })
  return () => loaded
}
