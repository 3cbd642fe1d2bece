import type { World } from '@pod-eip/domain'
import type { PortCall } from './fate.ts'

/** The claims that a call has to do with, as far as its arguments tell. */
export function claimsOfCall({ port, args }: Pick<PortCall, 'port' | 'args'>, world: World): string[] {
  const found = new Set<string>()
  const ofIntent = (id: unknown) => {
    const intent = world.intents.get(String(id))
    for (const { claim } of intent?.members ?? []) found.add(claim)
    if (intent) found.add(intent.claim)
  }
  const ofAddress = (id: unknown) => {
    if (typeof id !== 'string') return
    for (const { key, address } of world.claims.values()) if (address?.id === id) found.add(key)
  }
  const [first, second, third] = args
  switch (port) {
    case 'runs':
      ofIntent(first)
      break
    case 'cloud':
      for (const claim of claimsOfRequest(first, world)) found.add(claim)
      break
    case 'log':
      for (const event of listOf(first))
        found.add(String((event as { data?: { claim?: string } }).data?.claim))
      break
    case 'queue':
      for (const job of listOf(first)) {
        if (typeof job === 'string') ofIntent(job)
        else found.add(String((job as { claim?: string }).claim))
      }
      break
    case 'models':
      found.add(String(first))
      ofIntent(first)
      ofAddress(first)
      break
    case 'cluster': {
      const { metadata } = (second ?? {}) as { metadata?: { namespace?: string; name: string } }
      if (metadata) found.add(`${metadata.namespace}/${metadata.name}`)
      else found.add(`${second}/${third}`)
      break
    }
  }
  return [...found].filter((key) => world.claims.has(key))
}

/** The claims that a request to the cloud has to do with. */
export function claimsOfRequest(request: unknown, world: World): string[] {
  const text = JSON.stringify(request ?? {})
  const found = new Set<string>()
  for (const { key, address, intent } of world.claims.values()) {
    const order = intent && world.intents.get(intent.id)?.order
    const allocation = order?.type === 'AllocationDecided' ? order.data.allocationId : null
    if (address && text.includes(address.id)) found.add(key)
    if (allocation && text.includes(allocation)) found.add(key)
  }
  return [...found]
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}
