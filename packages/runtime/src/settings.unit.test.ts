import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { databaseSettings, serviceSettings } from './common-settings.ts'
import { describeSettings, HelpRequested, readSettings, SettingsError } from './settings.ts'

const specs = {
  size: {
    env: 'SIZE',
    flag: 'size',
    schema: z.string().regex(/^\d+$/, 'not a number').default('5').transform(Number),
    help: 'How large.',
  },
  loud: {
    env: 'LOUD',
    flag: 'loud',
    boolean: true,
    schema: z.string().optional(),
    help: 'Whether it shouts.',
  },
}

describe('settings', () => {
  test('come from the flag, else the environment, else the default; an empty variable is unset', () => {
    expect(readSettings(specs, { SIZE: '7' }, ['--size', '9'])).toEqual({ size: 9, loud: undefined })
    expect(readSettings(specs, { SIZE: '7' })).toEqual({ size: 7, loud: undefined })
    expect(readSettings(specs, { SIZE: '' })).toEqual({ size: 5, loud: undefined })
    expect(readSettings(specs, {}, ['--loud'])).toEqual({ size: 5, loud: 'true' })
  })

  test('that are wrong are one sentence with the variable, the flag, the value and what to give', () => {
    expect(() => readSettings(specs, { SIZE: 'big' })).toThrow(
      'SIZE (--size) is "big": not a number. How large.',
    )
    expect(() => readSettings(databaseSettings, {})).toThrow(/^DATABASE_URL is not set: a URL is needed\./)
    expect(() => readSettings(specs, {}, ['--sise', '9'])).toThrow(SettingsError)
    expect(() => readSettings(specs, {}, ['--size', '--loud'])).toThrow(
      /^Option '--size' argument is ambiguous$/,
    )
    expect(() => readSettings(serviceSettings, { POD_EIP_CLUSTER_ID: 'a b' })).toThrow('POD_EIP_CLUSTER_ID')
  })

  test('are described one a line, each with its twin', () => {
    const lines = describeSettings(serviceSettings).split('\n')
    expect(lines).toHaveLength(Object.keys(serviceSettings).length + 1)
    expect(lines[0]).toMatch(/--cluster-id VALUE\s+POD_EIP_CLUSTER_ID\s+Marks/)
    expect(lines.at(-1)).toMatch(/--help\s+Show this/)
  })

  test('are shown when --help asks for them, whatever else is missing or wrong', () => {
    expect(() => readSettings(serviceSettings, { POD_EIP_LOG_LEVEL: 'shout' }, ['--help'])).toThrow(
      new HelpRequested(describeSettings(serviceSettings)),
    )
  })

  test('that are a domain are refused when it is no DNS name', () => {
    const read = (domain: string) =>
      readSettings(serviceSettings, { POD_EIP_CLUSTER_ID: 'a', POD_EIP_ANNOTATION_DOMAIN: domain })
        .annotationDomain
    const longest = `${'a.'.repeat(126)}a`
    for (const domain of ['tke.cloud.tencent.com', 'a', 'eip-2.example.com', longest])
      expect(read(domain)).toBe(domain)
    for (const domain of [
      'a..b',
      '.a',
      'a.',
      '-a.b',
      'a-.b',
      'A.b',
      'a_b',
      'a/b',
      `${longest}a`,
      'x'.repeat(64),
    ])
      expect(() => read(domain)).toThrow(`is "${domain.slice(0, 60)}": not a DNS name.`)
  })

  test('that are ports are refused when there is no such port', () => {
    const { healthPort } = readSettings(serviceSettings, {
      POD_EIP_CLUSTER_ID: 'a',
      POD_EIP_HEALTH_PORT: '65535',
    })
    expect(healthPort).toBe(65535)
    for (const port of ['65536', '-1', '80.5', 'http'])
      expect(() =>
        readSettings(serviceSettings, { POD_EIP_CLUSTER_ID: 'a', POD_EIP_HEALTH_PORT: port }),
      ).toThrow(`POD_EIP_HEALTH_PORT (--health-port) is "${port}": not a port from 0 to 65535.`)
  })
})
