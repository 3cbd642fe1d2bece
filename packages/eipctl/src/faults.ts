/**
 * What is wrong with a connection, and what to do, for the codes that Node and Postgres give; `null` for others, whose
 * message has to do. Never a secret.
 * @param what that is connected to, such as "Postgres at DATABASE_URL"
 */
export function connectionFault(error: unknown, what: string): string | null {
  const { code, errors } = error as { code?: string; errors?: unknown[] }
  switch (code) {
    case 'ECONNREFUSED':
      return `nothing listens where ${what} should be; start it, or correct its address`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `there is no host of the name that is given for ${what}; correct its address`
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `${what} does not answer; check host, port and the firewalls between`
    case 'ECONNRESET':
      return `${what} broke the connection off; try again, and see what it logs`
    case '28P01':
    case '28000':
      return `${what} does not let this user in; correct user and password`
    case '3D000':
      return `${what} has no database of that name; create it, or correct the name`
    case '42501':
      return `${what} does not let this user read the event log; grant it the rights on the schema, or use the owner`
    default:
      return errors?.[0] ? connectionFault(errors[0], what) : null
  }
}
