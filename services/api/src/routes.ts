import type { EventLog } from '@pod-eip/event-log'
import { type ReadModels, upToDate } from '@pod-eip/read-models'
import { type Context, Hono } from 'hono'

export interface ApiDeps {
  log: Pick<EventLog, 'read' | 'readStream' | 'head'>
  readModels: ReadModels
}

/** Events in one answer at most. */
const pageSize = 500

/** Questions over HTTP, answered as JSON. It changes nothing. */
export function createApi({ log, readModels }: ApiDeps): Hono {
  const app = new Hono()
  // Postgres has no text with NUL, and no name has one.
  app.use(async (c, next) => {
    if (/%00|\0/.test(c.req.url)) return refuse(c, 400, 'The address has a NUL in it; no name has one.')
    return next()
  })
  app.get('/api/claims', async (c) => {
    const namespace = c.req.query('namespace')
    return c.json(
      await readModels.claims({
        open: c.req.query('all') !== 'true',
        ...(namespace !== undefined && { namespace }),
      }),
    )
  })
  app.get('/api/claims/:namespace/:name', async (c) => {
    const key = `${c.req.param('namespace')}/${c.req.param('name')}`
    const claim = await readModels.claim(key)
    if (!claim) return refuse(c, 404, `No claim ${key} is known.`)
    return c.json({ claim, holdings: await readModels.holdingsOfClaim(key) })
  })
  app.get('/api/claims/:namespace/:name/events', async (c) => {
    const after = count(c.req.query('after') ?? '0')
    if (after === null) return refuse(c, 400, 'after is not a whole number; give a stream version.')
    const stream = `claim/${c.req.param('namespace')}/${c.req.param('name')}`
    return c.json((await log.readStream(stream, { after, limit: pageSize })).map(upToDate))
  })
  app.get('/api/events', async (c) => {
    const after = count(c.req.query('after') ?? '0')
    const limit = count(c.req.query('limit') ?? String(pageSize))
    if (after === null || limit === null) return refuse(c, 400, 'after and limit are whole numbers.')
    const type = c.req.query('type')
    const head = await log.head()
    const events = await log.read({
      after,
      limit: Math.min(limit, pageSize),
      ...(type !== undefined && { types: [type] }),
    })
    return c.json({ head, events: events.map(upToDate) })
  })
  app.get('/api/addresses/:address/holdings', async (c) => {
    const at = c.req.query('at')
    if (at !== undefined && !isMoment(at)) {
      return refuse(c, 400, 'at is not a time; give one such as 2026-01-31T12:00:00Z.')
    }
    const moment = at === undefined ? undefined : new Date(at).toISOString()
    return c.json(await readModels.holdingsOfAddress(c.req.param('address'), moment))
  })
  app.get('/api/nodes', async (c) => c.json(await readModels.nodes()))
  app.notFound((c) => refuse(c, 404, `There is nothing at ${c.req.path}.`))
  return app
}

function refuse(c: Context, status: 400 | 404, message: string) {
  return c.json({ error: message }, status)
}

/** Postgres knows no year 0 and none of five digits here, and nobody means one. */
function isMoment(text: string): boolean {
  const ms = Date.parse(text)
  return !Number.isNaN(ms) && /^(?!0000)\d{4}-/.test(new Date(ms).toISOString())
}

function count(text: string): number | null {
  return /^\d{1,15}$/.test(text) ? Number(text) : null
}
