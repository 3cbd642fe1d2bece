import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { SettingsError } from '@pod-eip/runtime'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createVirtualClock } from '../../test/virtual-clock.ts'
import { accessFromEnvironment } from './access-from-environment.ts'
import { staticAccess } from './cluster-access.ts'
import { kubeConfigAccess } from './kube-config-access.ts'
import { hasServiceAccount, serviceAccountAccess } from './service-account-access.ts'

describe('access to a cluster', () => {
  let directory: string
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'access-'))
  })
  afterEach(() => rmSync(directory, { recursive: true }))

  const file = (name: string, content: string) => {
    const path = join(directory, name)
    writeFileSync(path, content)
    return path
  }
  const kubeconfig = (name: string, cluster: object, user: object | null) =>
    file(
      `${name}.kubeconfig`,
      JSON.stringify({
        clusters: [{ name, cluster }],
        users: user === null ? [] : [{ name, user }],
        contexts: [{ name, context: { cluster: name, user: name } }],
        'current-context': name,
      }),
    )
  const base64 = (text: string) => Buffer.from(text).toString('base64')

  describe('by kubeconfig', () => {
    it('takes certificates and tokens, embedded or from files beside it', async () => {
      file('client.crt', 'the certificate')
      const path = kubeconfig(
        'one',
        {
          server: 'https://10.0.0.1:6443/',
          'certificate-authority-data': base64('the ca'),
          'tls-server-name': 'kube',
        },
        { 'client-certificate': 'client.crt', 'client-key-data': base64('the key'), token: 'the-token' },
      )
      const access = await kubeConfigAccess({ path })
      expect(access.server).toBe('https://10.0.0.1:6443')
      expect(await access.credentials()).toEqual({
        headers: { authorization: 'Bearer the-token' },
        tls: { ca: 'the ca', cert: 'the certificate', key: 'the key', serverName: 'kube' },
      })
    })

    it('reads changed certificates again, and keeps unchanged TLS material the same object', async () => {
      const clock = createVirtualClock()
      const certificate = file('client.crt', 'first')
      const path = kubeconfig('one', { server: 'https://10.0.0.1' }, { 'client-certificate': certificate })
      const access = await kubeConfigAccess({ path, clock })
      const { tls } = await access.credentials()
      await clock.advance(60_000)
      expect((await access.credentials()).tls).toBe(tls)
      file('client.crt', 'second')
      await clock.advance(60_000)
      expect((await access.credentials()).tls).toEqual({ cert: 'second' })
    })

    it('asks exec plugins, and asks again after a 401', async () => {
      const script =
        'echo x >> "$COUNT"; n=$(wc -l < "$COUNT" | tr -d " "); echo "{\\"status\\":{\\"token\\":\\"t$n\\"}}"'
      const exec = {
        apiVersion: 'client.authentication.k8s.io/v1',
        command: '/bin/sh',
        args: ['-c', script],
        env: [{ name: 'COUNT', value: join(directory, 'count') }],
      }
      const access = await kubeConfigAccess({
        path: kubeconfig('one', { server: 'https://10.0.0.1' }, { exec }),
      })
      expect((await access.credentials()).headers).toEqual({ authorization: 'Bearer t1' })
      expect((await access.credentials()).headers).toEqual({ authorization: 'Bearer t1' })
      access.renew()
      expect((await access.credentials()).headers).toEqual({ authorization: 'Bearer t2' })
    })

    it('allows plain HTTP, without a user', async () => {
      const access = await kubeConfigAccess({
        path: kubeconfig('sim', { server: 'http://127.0.0.1:8001' }, null),
      })
      expect(access.server).toBe('http://127.0.0.1:8001')
      expect((await access.credentials()).headers).toEqual({})
    })

    it('verifies the server with the CA also without a user', async () => {
      const cluster = { server: 'https://10.0.0.1', 'certificate-authority-data': base64('the ca') }
      const access = await kubeConfigAccess({ path: kubeconfig('one', cluster, null) })
      expect((await access.credentials()).tls).toEqual({ ca: 'the ca' })
    })

    it('merges several files, the first winning', async () => {
      const first = kubeconfig('one', { server: 'https://10.0.0.1' }, { token: 'first' })
      const again = join(directory, 'again.kubeconfig')
      writeFileSync(
        again,
        JSON.stringify({ clusters: [{ name: 'one', cluster: { server: 'https://6.6.6.6' } }] }),
      )
      const second = kubeconfig('two', { server: 'https://10.0.0.2' }, { token: 'second' })
      const path = [first, again, second].join(delimiter)
      expect((await kubeConfigAccess({ path })).server).toBe('https://10.0.0.1')
      const other = await kubeConfigAccess({ path, context: 'two' })
      expect(other.server).toBe('https://10.0.0.2')
      expect((await other.credentials()).headers).toEqual({ authorization: 'Bearer second' })
    })

    it.each([
      ['no YAML', 'a: [b', 'cannot be read: unexpected end of the stream'],
      ['a duplicated key', 'a: secret\na: secret', 'cannot be read: duplicated mapping key'],
      ['empty', '', 'cannot be read: expected a document'],
      ['some other text', 'hello', 'has no context ""'],
      ['without a current context', 'kind: Config', 'has no context ""'],
    ])('says in one sentence that it is %s', async (_, content, says) => {
      const refused = kubeConfigAccess({ path: file('odd', content) })
      await expect(refused).rejects.toThrow(SettingsError)
      await expect(refused).rejects.toThrow(says)
      await expect(refused).rejects.toThrow(/^.+[.]$/)
    })

    it.each([
      ['certificate-authority', { 'certificate-authority': 'nope' }, {}],
      ['client-certificate', {}, { 'client-certificate': 'nope' }],
      ['client-key', {}, { 'client-key': 'nope' }],
    ])('says in one sentence that the file of %s is missing', async (name, cluster, user) => {
      const path = kubeconfig('one', { server: 'https://10.0.0.1', ...cluster }, user)
      const refused = kubeConfigAccess({ path })
      await expect(refused).rejects.toThrow(SettingsError)
      await expect(refused).rejects.toThrow(
        `KUBECONFIG ${path} names ${join(directory, 'nope')} as ${name}: there is no such file.`,
      )
    })

    it('says in one sentence that its proxy is none', async () => {
      const path = kubeconfig('one', { server: 'https://10.0.0.1', 'proxy-url': 'foo' }, {})
      await expect(kubeConfigAccess({ path })).rejects.toThrow('has "foo" for the proxy of cluster "one"')
    })

    it('says in one sentence what is wrong', async () => {
      const missing = join(directory, 'nowhere')
      await expect(kubeConfigAccess({ path: missing })).rejects.toThrow(
        `KUBECONFIG ${missing} cannot be read:`,
      )
      const path = kubeconfig('one', { server: 'https://10.0.0.1' }, {})
      await expect(kubeConfigAccess({ path, context: 'three' })).rejects.toThrow('has no context "three"')
      const odd = kubeconfig('odd', { server: '10.0.0.1:6443' }, {})
      await expect(kubeConfigAccess({ path: odd })).rejects.toThrow('"10.0.0.1:6443" is not a URL')
      const socks = kubeconfig('socks', { server: 'https://10.0.0.1', 'proxy-url': 'socks5://10.0.0.2' }, {})
      await expect(kubeConfigAccess({ path: socks })).rejects.toThrow('SOCKS proxy of cluster "socks"')
    })
  })

  describe('by service account', () => {
    const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' }

    it('reads the token again every minute', async () => {
      const clock = createVirtualClock()
      file('token', 'first\n')
      file('ca.crt', 'the ca')
      expect(hasServiceAccount({ env, directory })).toBe(true)
      const access = serviceAccountAccess({ env, directory, clock })
      expect(access.server).toBe('https://[fd00::1]')
      const first = await access.credentials()
      expect(first).toEqual({ headers: { authorization: 'Bearer first' }, tls: { ca: 'the ca' } })
      file('token', 'second\n')
      await clock.advance(30_000)
      expect((await access.credentials()).headers).toEqual(first.headers)
      await clock.advance(31_000)
      const second = await access.credentials()
      expect(second.headers).toEqual({ authorization: 'Bearer second' })
      expect(second.tls).toBe(first.tls)
    })

    it('says in one sentence which of its files is missing', () => {
      file('token', 'first')
      expect(() => serviceAccountAccess({ env, directory })).toThrow(
        new SettingsError(
          `The service account in ${directory} has no ca.crt: see that the Pod mounts its token (automountServiceAccountToken).`,
        ),
      )
    })

    it('is not there outside a Pod', () => {
      expect(hasServiceAccount({ env: {}, directory })).toBe(false)
      expect(hasServiceAccount({ env, directory })).toBe(false)
    })
  })

  it('from the environment follows KUBECONFIG only where a real cluster is meant', async () => {
    const KUBECONFIG = kubeconfig('one', { server: 'https://10.0.0.1' }, {})
    const meant = { KUBECONFIG, POD_EIP_CLUSTER: 'kubernetes' }
    expect((await accessFromEnvironment(meant)).server).toBe('https://10.0.0.1')
    const advice = 'set POD_EIP_CLUSTER=kubernetes and KUBECONFIG'
    await expect(accessFromEnvironment({ KUBECONFIG })).rejects.toThrow(advice)
    await expect(accessFromEnvironment({})).rejects.toThrow(advice)
    await expect(accessFromEnvironment({})).rejects.toThrow(SettingsError)
  })

  it('needs a URL', () => {
    expect(() => staticAccess({ server: 'ftp://10.0.0.1' })).toThrow('"ftp://10.0.0.1" is not a URL')
  })
})
