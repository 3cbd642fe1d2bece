import { SettingsError } from './settings.ts'

/**
 * Why a server cannot listen, as a sentence for who gave the address.
 * @param setting that named it, such as `POD_EIP_API_PORT (--api-port)`
 * @param value what it says
 * @returns the error as it is where no setting is to blame
 */
export function listenFault(error: Error, setting: string, value: number | string): Error {
  const { code } = error as NodeJS.ErrnoException
  const says: Record<string, string> = {
    EADDRINUSE: 'another program listens on it; give a free one, or 0 for any',
    EACCES: 'this user may not listen on it; give one from 1024 on',
    EADDRNOTAVAIL: 'this machine has no such address; give one of its own, or 0.0.0.0 for all',
    ENOTFOUND: 'no such host is known; give an address of this machine, or 0.0.0.0 for all',
  }
  const why = code === undefined ? undefined : says[code]
  return why === undefined ? error : new SettingsError(`${setting} is ${value}: ${why}`)
}
