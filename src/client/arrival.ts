import { ARRIVAL, SESSION } from '../session/records.js'
import type { StartResult } from '../types/requests.js'
import type { Client } from './client.js'

/** The tab's record of what its callback page left for the next one: the client, and an id. */
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
 * Keeps what a sign-in came back with for the page that a callback page gives way to: the app there
 * hears of it as if its own start had completed the sign-in.
 */
export async function keepArrival(client: Client, result: StartResult): Promise<void> {
  const { page, name, session } = client
  const id = crypto.randomUUID()
  const arrival: Arrival = { at: Date.now(), owner: session.owner(), result }
  // Not where nothing is kept of the session either, or no longer.
  const isKept = await session.store
    .put(ARRIVAL + id, arrival, (all) => all.has(SESSION))
    .catch(() => undefined)
  if (isKept) page.writeTabItem(ITEM, `${name} ${id}`)
}

/**
 * What the callback page of this tab kept, once, and for the user whom the page knows of by now: in
 * another tab somebody else may have signed in meanwhile.
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
