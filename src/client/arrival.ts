import { ARRIVAL, SESSION } from '../session/records.js'
import type { StartResult } from '../types/requests.js'
import type { Client } from './client.js'

/** The tab's record of what its callback page keeps for the next page: the client, and an id. */
const ITEM = 'tessera-auth arrival'
/** How long the next page may take to load, in milliseconds. */
const PATIENCE = 5 * 60_000

interface Arrival {
  readonly at: number
  /** See `Session.owner`. */
  readonly owner: string | undefined
  readonly result: StartResult
}

/**
 * Keeps the result of a sign-in for the page that the callback page leads to: `auth.start()` there gives
 * it as if it had completed the sign-in itself.
 */
export async function keepArrival(client: Client, result: StartResult): Promise<void> {
  const { page, name, session } = client
  const id = crypto.randomUUID()
  const arrival: Arrival = { at: Date.now(), owner: session.owner(), result }
  // Only beside a stored session.
  const isKept = await session.store
    .put(ARRIVAL + id, arrival, (all) => all.has(SESSION))
    .catch(() => undefined)
  if (isKept) page.writeTabItem(ITEM, `${name} ${id}`)
}

/**
 * Takes what the callback page of this tab has kept: once, and only for the same user, since somebody
 * else may have signed in in another tab meanwhile.
 */
export async function takeArrival(client: Client): Promise<StartResult | undefined> {
  const { page, name, session } = client
  const item = page.readTabItem(ITEM)
  if (!item?.startsWith(`${name} `)) return undefined
  page.writeTabItem(ITEM, '')
  const record = ARRIVAL + item.slice(name.length + 1)
  const stored = await session.store.get(record, (all) => all.delete(record)).catch(() => undefined)
  const { at = 0, owner, result } = (stored?.content ?? {}) as Partial<Arrival>
  const isRecent = Math.abs(Date.now() - at) < PATIENCE
  return isRecent && owner === session.owner() ? result : undefined
}
