import { describe, expect, test } from 'vitest'
import { describeClaim, eventStory, unknownFieldsWarning } from '../src/index.ts'
import { tellStory } from './story.ts'

const key = 'ns/web-0'
const placed = { node: 'n1', privateIp: '10.0.0.5' }

function words(attributes: string, more: object = {}) {
  return { ...placed, request: { attributes, ...more } }
}

function bound(request: { attributes: string; deletePolicy?: string }) {
  const story = tellStory()
  story.node('n1')
  story.pod(key, 'a', { ...placed, request })
  story.cloudDoes(key)
  story.cloudDoes(key)
  return story
}

function warned(story: ReturnType<typeof tellStory>): string[] {
  return story.log
    .map(eventStory)
    .filter((told) => told?.reason === 'ChangeWithoutEffect' || told?.reason === 'WarningCleared')
    .map((told) => told!.message)
}

function accepted(story: ReturnType<typeof tellStory>): string {
  return describeClaim(story.claimOf(key)).status.conditions[0]!.message
}

describe('tags whose keys are ours', () => {
  const tagged = (...keys: string[]) =>
    words(JSON.stringify({ Tags: keys.map((Key) => ({ Key, Value: 'mine' })) }))

  test('are warned of, for they say what we say, and no more once they are gone', () => {
    const story = tellStory()
    const told = () => story.log.map(eventStory).map((one) => one?.reason)
    story.pod(key, 'a', tagged('team', 'tke-clusterId', 'pod-eip/allocation'))
    expect(accepted(story)).toContain(
      '; but annotation eip-attributes has the tags "tke-clusterId", "pod-eip/allocation", by which EIPs are found again',
    )
    expect(told()).toContain('ReservedTag')
    story.pod(key, 'a', tagged('team'))
    expect(accepted(story)).not.toContain('found again')
    expect(told()).toContain('WarningCleared')
  })

  test('are the only ones', () => {
    const story = tellStory()
    story.pod(key, 'a', tagged('team', 'tke-cluster', 'allocation'))
    expect(accepted(story)).not.toContain('; but')
  })
})

describe('other words on a Pod that has its EIP', () => {
  const change =
    "nnotation eip-attributes asks for something else than EIP eip-id-1 (203.0.113.1) was created with, and it stays as it is, until the Pod ends; delete the Pod and start it anew to get another one, or change it in Tencent Cloud's EIP console."

  test('are warned of once, and say so until they ask for that EIP again', () => {
    const story = bound({ attributes: '{"Bandwidth":"10"}' })
    story.pod(key, 'a', words('{"Bandwidth":"20"}'))
    story.pod(key, 'a', words('{"Bandwidth":"30"}'))
    expect(warned(story)).toEqual([`A${change}`])
    expect(accepted(story)).toContain(
      `an EIP of 10 Mbit/s from BGP that is released when the Pod ends; but a${change}`,
    )
    story.pod(key, 'a', words('{"InternetMaxBandwidthOut":10,"ISP":"BGP"}'))
    expect(warned(story)).toEqual([`A${change}`, 'The EIP is as the annotations ask.'])
    expect(accepted(story)).not.toContain('but')
  })

  test('say what to do where the EIP outlives the Pod, also when a later Pod has them', () => {
    const story = bound({ attributes: '{}', deletePolicy: 'Never' })
    story.ended(key, 'a')
    story.cloudDoes(key)
    story.pod(key, 'b', words('{"Bandwidth":"20"}', { deletePolicy: 'Never' }))
    expect(warned(story)).toEqual([
      "Annotation eip-attributes asks for something else than EIP eip-id-1 (203.0.113.1) was created with, and it stays as it is, also for later Pods of the name; end the Pod, delete its EIPClaim and start the Pod anew to get another one, or change it in Tencent Cloud's EIP console.",
    ])
  })

  test('are nothing to warn of before an EIP was asked for, or when a new Pod gets an EIP of its own', () => {
    const story = bound({ attributes: '{}' })
    story.ended(key, 'a')
    story.cloudDoes(key)
    story.cloudDoes(key)
    story.pod(key, 'b', words('{"Bandwidth":"20"}'))
    expect(warned(story)).toEqual([])
  })

  test('that are a list count when that EIP has been given back', () => {
    const story = bound({ attributes: '{}' })
    story.pod(key, 'a', { ...placed, request: { idList: 'eip-mine' } })
    expect(warned(story)).toEqual([
      'Annotation eip-id-list counts once EIP eip-id-1 (203.0.113.1), which was created for this claim, is given back; delete the Pod and start it anew for that.',
    ])
  })

  test('that are none at all leave the EIP where it is', () => {
    const story = bound({ attributes: '{}', deletePolicy: 'Never' })
    story.pod(key, 'a', { ...placed, request: null })
    story.pod(key, 'a', { ...placed, request: null })
    expect(warned(story)).toEqual([
      "The Pod's EIP annotations were removed: EIP eip-id-1 (203.0.113.1) stays until the Pod ends and is kept after it; delete the Pod and then the EIPClaim to give it back now, or write them again.",
    ])
    expect(accepted(story)).toContain("but the Pod's EIP annotations were removed")
    story.pod(key, 'a', words('{}', { deletePolicy: 'Never' }))
    expect(warned(story)).toHaveLength(2)
  })
})

describe('an unknown field of eip-attributes', () => {
  test.each([
    [
      '{"Bandwith":"5"}',
      'the unknown field "Bandwith" (Bandwidth is meant?), which is ignored; correct or remove it.',
    ],
    ['{"bandwidth":"5"}', 'the unknown field "bandwidth" (Bandwidth is meant?), which is ignored'],
    ['{"IPS":"BGP"}', 'the unknown field "IPS", which'],
    ['{"IP":"BGP"}', 'the unknown field "IP" (ISP is meant?), which'],
    ['{"Colour":"red"}', 'the unknown field "Colour", which is ignored'],
    [
      '{"a":1,"tag":[1]}',
      'the unknown fields "a", "tag" (Tags is meant?), which are ignored; correct or remove them.',
    ],
    ['{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1}', '"a", "b", "c", "d", "e" and 1 more, which'],
  ])('%s is named, with the one that is meant', (attributes, says) => {
    expect(unknownFieldsWarning({ attributes })).toContain(`annotation eip-attributes has `)
    expect(unknownFieldsWarning({ attributes })).toContain(says)
  })

  test.each([
    '',
    '{}',
    '{"Bandwidth":"5","ISP":"BGP","Tags":[]}',
    '{"Colour":""}',
    '{"Colour":null}',
    '[1]',
    'no JSON',
    'null',
  ])('%s has none, or cannot be read at all', (attributes) =>
    expect(unknownFieldsWarning({ attributes })).toBeNull(),
  )

  test('is warned of once, ignored, and no longer told when it is corrected', () => {
    const story = tellStory()
    const reasons = () => story.log.map(eventStory).map((told) => told?.reason)
    story.pod(key, 'a', words('{"Bandwith":"5"}'))
    story.pod(key, 'a', words('{"Bandwith":"5"}', { claimExpiredDuration: '1h' }))
    expect(story.claimOf(key).terms).toMatchObject({ attributes: { internetMaxBandwidthOut: 100 } })
    expect(accepted(story)).toContain('; but annotation eip-attributes has the unknown field "Bandwith"')
    expect(reasons().filter((reason) => reason === 'UnknownAttribute')).toHaveLength(1)
    story.pod(key, 'a', words('{"Bandwidth":"100"}'))
    expect(accepted(story)).not.toContain('unknown field')
    expect(reasons().filter((reason) => reason === 'WarningCleared')).toHaveLength(1)
  })
})
