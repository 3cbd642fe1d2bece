import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { conditionsPage } from './conditions-page.ts'

const file = join('docs', 'conditions.md')
writeFileSync(join(import.meta.dirname, '..', '..', file), conditionsPage())
process.stdout.write(`${file} is written anew from the code.\n`)
