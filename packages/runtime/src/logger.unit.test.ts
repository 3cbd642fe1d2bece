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
    const error = Object.assign(new Error('no way to postgres://me:hush-4@db/x'), {
      config: { a: { password: 'hush-5' } },
    })
    logger.warn({ err: error, a: { b: { c: { secretKey: 'hush-6' } } } }, 'failed')
    logger.info(
      { secretKey: 'hush-1', credential: { token: 'hush-2', secretId: 'hush-3' }, claim: 'ns/a' },
      'called',
    )
    await expect.poll(() => readFileSync(logFile, 'utf8')).toContain('called')
    const text = readFileSync(logFile, 'utf8')
    expect(text).not.toContain('hush')
    const [failed, called] = text.trim().split('\n')
    expect(JSON.parse(failed!)).toMatchObject({
      err: { type: 'Error', stack: expect.stringContaining('no way') },
    })
    expect(JSON.parse(called!)).toMatchObject({
      service: 'worker',
      claim: 'ns/a',
      secretKey: '(hidden)',
      msg: 'called',
    })
  } finally {
    rmSync(dir, { recursive: true })
  }
})

test('a log file in a folder that cannot be made is one sentence, below /proc as well', () => {
  expect(() => createLogger('worker', { logLevel: 'info', logFile: '/proc/none/of/it.log' })).toThrow(
    /^POD_EIP_LOG_FILE \(--log-file\) is "\/proc\/none\/of\/it.log": it cannot be written \(E[A-Z]+\)\.$/,
  )
})

test('the folders of a log file are made', () => {
  const dir = mkdtempSync(join(tmpdir(), 'log-'))
  try {
    const logFile = join(dir, 'a/b/c.log')
    createLogger('worker', { logLevel: 'info', logFile }).info('there')
    expect(readFileSync(logFile, 'utf8')).toContain('there')
  } finally {
    rmSync(dir, { recursive: true })
  }
})
