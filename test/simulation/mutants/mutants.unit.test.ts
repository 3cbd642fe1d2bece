import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { expect, test } from 'vitest'
import { hunt } from './hunt.ts'
import { mutants } from './known/index.ts'
import { type Mutant, mutate } from './mutant.ts'
import { root } from './root.ts'

const sourceOf = ({ file }: Mutant) => readFileSync(root + file, 'utf8')

test.each(mutants.map((mutant) => [mutant.name, mutant] as const))('%s can still be made', (_, mutant) => {
  const mutated = mutate(mutant, sourceOf(mutant))
  expect(mutated).not.toBe(sourceOf(mutant))
  expect(stripTypeScriptTypes(mutated)).not.toBe('')
})

test('each has a name of its own and says in a sentence which mistake it stands for', () => {
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length)
  for (const { mistake } of mutants) expect(mistake).toMatch(/^[A-Z].{20,}\.$/)
})

test('one that does not fit the code any more is not passed over in silence', () => {
  const [mutant] = mutants as [Mutant]
  expect(() => mutate(mutant, '')).toThrow(`mutant ${mutant.name}: its search text is not in ${mutant.file}`)
  expect(() => mutate(mutant, mutant.find.repeat(2))).toThrow('2 times')
})

/** Such as are seen in nearly every story; `npm run simulate -- --mutants` hunts all. */
const obvious = [
  'static-forgotten',
  'position-behind-its-decisions',
  'listed-released',
  'object-outlives-its-claim',
]

test.each(obvious)(
  'the simulation finds %s',
  async (name) => {
    const { found } = await hunt(mutants.find((mutant) => mutant.name === name)!, 1, 30)
    expect(found).not.toBeNull()
  },
  60_000,
)

test('a mutant that does not run is an error, and not one that was found', async () => {
  const unknown = { ...mutants[0]!, name: 'none' }
  await expect(hunt(unknown, 1, 1)).rejects.toThrow('there is no mutant none')
}, 60_000)
