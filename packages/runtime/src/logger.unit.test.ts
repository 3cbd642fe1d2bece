import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createLogger } from './logger.ts'

test('secrets do not reach the log, wherever they stand', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'pod-eip-log-'))
  const logFile = join(dir, 'log')
  try {
    const logger = createLogger('worker', { logLevel: 'info', logFile })
    logger.info(
      { secretKey: 'hush-1', credential: { token: 'hush-2', secretId: 'hush-3' }, claim: 'ns/a' },
      'called',
    )
    await expect.poll(() => readFileSync(logFile, 'utf8')).toContain('called')
    const line = readFileSync(logFile, 'utf8')
    expect(line).not.toContain('hush')
    expect(JSON.parse(line)).toMatchObject({
      service: 'worker',
      claim: 'ns/a',
      secretKey: '(hidden)',
      msg: 'called',
    })
  } finally {
    rmSync(dir, { recursive: true })
  }
})
