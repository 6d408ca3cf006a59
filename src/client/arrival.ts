import { findSignIn } from '../session/complete-sign-in.js'
import { ARRIVAL, SESSION, TRANSACTION } from '../session/records.js'
import type { StartResult } from '../types/requests.js'
import type { Client } from './client.js'

/** The tab's record of what its callback page keeps for the next page: the client, and an id. */
const ITEM = 'tessera-auth arrival'
/** How long the next page may take to load, in milliseconds. */
const PATIENCE = 5 * 60_000

/** What a callback page keeps for the page that it leads to. */
export interface Arrival {
  /** The result of a sign-in that it completed, and whose session that is, see `Session.owner`. */
  readonly completed?: { readonly owner: string | undefined; readonly result: StartResult }
  /** The query of an authorization response, for the next page to complete. */
  readonly response?: string
}

/**
 * Keeps the result of a sign-in for the page that the callback page leads to: `auth.start()` there gives
 * it as if it had completed the sign-in itself.
 */
export function keepArrival(client: Client, result: StartResult): Promise<boolean> {
  const owner = client.session.owner()
  // Only beside a stored session.
  return keep(client, { completed: { owner, result } }, (all) => all.has(SESSION))
}

/**
 * Keeps the authorization response itself, if it has a code: a session in memory would end with the
 * callback page, and the next page redeems the code. Returns where to go on, or `undefined` if there is
 * nothing to redeem.
 *
 * @throws {AuthError} `callback_state`, `callback_invalid`, `storage_unavailable`
 */
export async function keepResponse(
  client: Client,
  parameters: URLSearchParams,
): Promise<StartResult | undefined> {
  if (!parameters.has('code') || parameters.has('error')) return undefined
  const { state, transaction } = await findSignIn(client.session, parameters)
  const arrival = { response: `${parameters}` }
  const isKept = transaction && (await keep(client, arrival, (all) => all.has(TRANSACTION + state)))
  return isKept ? { returnTo: transaction.returnTo, appState: null, error: null } : undefined
}

async function keep(
  { page, name, session }: Client,
  arrival: Arrival,
  guard: (all: Map<string, unknown>) => boolean,
): Promise<boolean> {
  const id = crypto.randomUUID()
  const kept = { at: Date.now(), ...arrival }
  const isKept = await session.store.put(ARRIVAL + id, kept, guard).catch(() => undefined)
  if (isKept) page.writeTabItem(ITEM, `${name} ${id}`)
  return !!isKept
}

/** Takes what the callback page of this tab has kept, once. */
export async function takeArrival({ page, name, session }: Client): Promise<Arrival | undefined> {
  const item = page.readTabItem(ITEM)
  if (!item?.startsWith(`${name} `)) return undefined
  page.writeTabItem(ITEM, '')
  const record = ARRIVAL + item.slice(name.length + 1)
  const stored = await session.store.get(record, (all) => all.delete(record)).catch(() => undefined)
  const { at = 0, ...arrival } = (stored?.content ?? {}) as Arrival & { readonly at?: number }
  return Math.abs(Date.now() - at) < PATIENCE ? arrival : undefined
}
