// node --import ./load-older-schemas.ts: the code that is loaded from now on is of a build that has given every event
// type another shape than it had; see older-schemas.ts. No file is changed.

import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'
import { root } from '../mutants/root.ts'

const events = pathToFileURL(`${root}packages/domain/src/events/`).href

/** What is added to each of the two modules. */
const added: Record<string, string> = {
  [`${events}schema-versions.ts`]: 'for (const type in schemaVersions) schemaVersions[type] += 1',
  [`${events}upcasters.ts`]: `
import { schemaVersions } from './schema-versions.ts'
import { olderSchema } from '${new URL('older-schemas.ts', import.meta.url).href}'
for (const type in schemaVersions) upcasters.push({ type, from: schemaVersions[type] - 1, upcast: olderSchema.upcast })`,
}

registerHooks({
  load(url, context, nextLoad) {
    const module = nextLoad(url, context)
    const more = added[url]
    return more === undefined ? module : { ...module, source: `${module.source}\n${more}\n` }
  },
})
