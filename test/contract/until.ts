import { systemClock } from '@pod-eip/runtime'

/** Polls until the condition holds. @throws after `timeoutMs`, naming what was waited for */
export async function until(
  what: string,
  condition: () => Promise<boolean> | boolean,
  timeoutMs = 30_000,
): Promise<void> {
  const deadline = systemClock.now() + timeoutMs
  while (!(await condition())) {
    if (systemClock.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain until ${what}`)
    await systemClock.sleep(20)
  }
}
