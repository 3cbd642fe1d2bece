import {
  defaultGuardSettings,
  formatDuration,
  type GuardSettings,
  longestGuardWindowMs,
} from '@pod-eip/domain'
import type { SettingSpec, SettingsOf } from '@pod-eip/runtime'
import { z } from 'zod'
import { durationSetting } from './duration-setting.ts'

const percent = () => z.string().regex(/^(\d{1,2}|100)$/, 'not a whole number from 0 to 100')

const wholeNumber = (error: string) =>
  z
    .string()
    .regex(/^\d{1,9}$/, error)
    .transform(Number)

/** How much may be given back at once without an operator's word: the same for whoever decides and whoever looks. */
export const guardSettings = {
  guardWindowMs: {
    env: 'POD_EIP_GUARD_WINDOW',
    flag: 'guard-window',
    schema: durationSetting(
      { minMs: 60_000, maxMs: longestGuardWindowMs },
      formatDuration(defaultGuardSettings.windowMs),
    ),
    help: 'Within how long the guard counts, from 1m to 1h.',
  } satisfies SettingSpec<number>,
  guardMissedCount: {
    env: 'POD_EIP_GUARD_MISSED_COUNT',
    flag: 'guard-missed-count',
    schema: wholeNumber('not a whole number').prefault(String(defaultGuardSettings.missedCount)),
    help: 'So many Pods may be missing from complete lists at once, or EIPs in the cloud, whatever their share.',
  } satisfies SettingSpec<number>,
  guardMissedPercent: {
    env: 'POD_EIP_GUARD_MISSED_PERCENT',
    flag: 'guard-missed-percent',
    schema: percent()
      .transform(Number)
      .prefault(String(defaultGuardSettings.missedShare * 100)),
    help: 'Such a share of the live Pods or EIPs may be missing at once, whatever their count; 100 for any.',
  } satisfies SettingSpec<number>,
  guardReleases: {
    env: 'POD_EIP_GUARD_RELEASES',
    flag: 'guard-releases',
    schema: wholeNumber('not a whole number')
      .transform((count) => (count === 0 ? null : count))
      .prefault('0'),
    help: 'So many EIPs may be released at once, for whatever reason; 0 or unset for any number.',
  } satisfies SettingSpec<number | null>,
  guardReleasesPercent: {
    env: 'POD_EIP_GUARD_RELEASES_PERCENT',
    flag: 'guard-releases-percent',
    schema: percent()
      .transform((share) => (share === '100' ? null : Number(share)))
      .prefault('100'),
    help: `Such a share of the EIPs that claims have may be released at once, and ${defaultGuardSettings.fewReleases} in any case; 100 or unset for any share.`,
  } satisfies SettingSpec<number | null>,
}

/** What an operator set, as the rules take it. */
export function guardAsSet(settings: SettingsOf<typeof guardSettings>): GuardSettings {
  return {
    windowMs: settings.guardWindowMs,
    missedCount: settings.guardMissedCount,
    missedShare: settings.guardMissedPercent / 100,
    releases: settings.guardReleases,
    releasedShare: settings.guardReleasesPercent === null ? null : settings.guardReleasesPercent / 100,
    fewReleases: defaultGuardSettings.fewReleases,
  }
}
