import { AuthError } from '../errors.js'
import type { Page } from '../platform/page.js'
import { createIndexedDbRecords } from '../storage/create-indexed-db-records.js'
import { createSealedStore, type SealedStore } from '../storage/create-sealed-store.js'
import { createMemoryRecords } from '../storage/records.js'
import type { Persistence } from '../types/options.js'

/** The stores that the browser grants. */
export interface OpenedStores {
  readonly sessions: SealedStore
  readonly transactions: SealedStore
  /** Why nothing, or not the session, is kept at rest although it should be. */
  readonly warning: AuthError | null
  /** Whether a sign-in under way survives leaving the page. */
  readonly durable: boolean
}

const FOR_EVER = { read: () => '', create: () => '' }

/**
 * Opens what the browser grants: its database, or memory where it is blocked. Without Web Locks
 * tabs could not take turns at renewing, so there each keeps a session of its own.
 */
export async function openStores(
  page: Page,
  name: string,
  persistence: Persistence,
): Promise<OpenedStores> {
  const memory = createSealedStore(createMemoryRecords(), FOR_EVER)
  let transactions = memory
  let warning: AuthError | null = null
  try {
    const records = createIndexedDbRecords(name)
    await records(() => {})
    transactions = createSealedStore(records, FOR_EVER)
  } catch (error) {
    warning = error as AuthError
  }
  const durable = !warning
  if (durable && !navigator.locks && persistence !== 'memory') {
    warning = new AuthError('storage_unavailable', 'This browser has no locks between tabs.')
  }
  if (warning || persistence === 'memory')
    return { sessions: memory, transactions, warning, durable }
  if (persistence === 'device') return { sessions: transactions, transactions, warning, durable }
  // A random name for this browser session, in a session cookie: the one thing that all tabs see and
  // that ends with the browser session. It says nothing and opens nothing by itself. Where no cookie
  // is to be had, the tab's session storage has to do.
  const read = () => page.readCookie(name) ?? page.readTabItem(name)
  const create = () => {
    const mark = read() ?? crypto.randomUUID()
    page.writeCookie(name, mark)
    if (read() !== mark) page.writeTabItem(name, mark)
    return mark
  }
  const { records } = transactions
  // Where the browser session is another one than that of the record, what is left of it goes.
  await records((all) => read() === null && all.delete('session'))
  return { sessions: createSealedStore(records, { read, create }), transactions, warning, durable }
}
