/**
 * Lets etcd forget every revision but the latest, as an API server has it do every five minutes: lists cannot go on
 * in pages begun before. Watches still can, as far as the API server's own memory goes.
 *
 * @returns the revision that is left
 */
export async function compactEtcd(clientUrl: string): Promise<string> {
  const call = async (path: string, body: object): Promise<{ header?: { revision?: string } }> => {
    const answer = await fetch(`${clientUrl}/v3/kv/${path}`, { method: 'POST', body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(`etcd, ${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as { header?: { revision?: string } }
  }
  const key = Buffer.from('any').toString('base64')
  const { header } = await call('range', { key })
  const revision = header?.revision ?? '0'
  await call('compaction', { revision, physical: true })
  return revision
}
