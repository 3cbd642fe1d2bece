import { readImports, readUnits } from './imports.ts'
import { findViolations } from './rules.ts'

/** `npm run layering`: exit code 1 and one line for each import that breaks the rules. */
const root = process.cwd()
const edges = readImports(root)
const violations = findViolations(edges, readUnits(root))
for (const violation of violations) console.error(violation)
console.log(`layering: ${edges.length} imports looked at, ${violations.length} against the rules`)
process.exitCode = violations.length === 0 && edges.length > 0 ? 0 : 1
