import { expect, test } from 'vitest'
import { nextSteps } from './next-steps.ts'
import { claimOf } from './testing/claim-of.ts'

const here = { simulated: true, dir: '.pod-eip' }
const commands = (...args: Parameters<typeof nextSteps>) =>
  nextSteps(...args).flatMap((line) => (line.startsWith('  ') ? [line.split('  #')[0]!.trim()] : []))

test('names and addresses are those that are there', () => {
  const claims = [claimOf('default/game-0'), claimOf('default/game-1')]
  expect(commands(claims, here, 200)).toEqual([
    'npm run kubectl -- get eipc -A -o wide',
    'npm run kubectl -- describe eipc game-0',
    'npm run kubectl -- delete pod game-0',
    'npm run kubectl -- scale sts game --replicas=1',
    'npm run eipctl -- history default/game-0',
    'npm run eipctl -- who 198.18.0.1 --at 2026-01-31T12:00:02Z',
    'npm run eipctl -- events --follow',
  ])
})

test('a retained claim may be deleted, in its own namespace', () => {
  const retained = { ...claimOf('games/game-1'), phase: 'Retained' as const, binding: null, pod: null }
  const steps = commands([claimOf('games/game-0'), retained], here, 200)
  expect(steps).toContain('npm run kubectl -- delete eipc game-1 -n games')
  expect(steps.join()).not.toContain('scale')
})

test('on a real cluster nothing is suggested that changes it, but an example while there are no claims', () => {
  const real = { simulated: false, dir: '.pod-eip' }
  expect(commands([claimOf('default/game-0')], real, 200).join()).not.toMatch(/delete|scale/)
  expect(commands([], real, 200)).toContain('kubectl apply -f docs/examples/statefulset-static-eip.yaml')
})

test('another folder is part of each command, and reasons are left out where they do not fit', () => {
  const steps = nextSteps([claimOf('default/game-0')], { simulated: true, dir: '/tmp/my data' }, 60)
  expect(steps).toContain("  POD_EIP_DIR='/tmp/my data' npm run kubectl -- delete pod game-0")
  expect(steps.join()).not.toContain('#')
})
