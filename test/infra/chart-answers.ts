import { parseAllDocuments } from 'yaml'
import { chart, helm } from './programs.ts'

/** The ConfigMap's data that the chart makes of arguments of helm. */
export async function dataOf(args: string[]): Promise<Record<string, string>> {
  const text = await helm('template', 'eip', chart, ...args, '--show-only', 'templates/settings.yaml')
  return parseAllDocuments(text)[0]!.toJS().data
}

/** The same of values, all of them texts where the chart wants no number. */
export function settingsOf(values: Record<string, string>): Promise<Record<string, string>> {
  const all = { clusterId: 'cls-0a1b2c3d', 'cloud.region': 'ap-guangzhou', ...values }
  return dataOf(
    Object.entries(all).flatMap(([name, value]) => [
      name.startsWith('kubeApi.') ? '--set-json' : '--set-string',
      `${name}=${value.replaceAll(',', '\\,')}`,
    ]),
  )
}

/** Whether a value is taken, or the sentence that says why not. */
export const taken = (reading: Promise<unknown>): Promise<string | true> =>
  reading.then(
    () => true as const,
    (error: Error) => /settings\.yaml:\d+:\d+\): (.*)/.exec(error.message)?.[1] ?? error.message,
  )
