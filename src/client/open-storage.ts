import { AuthError } from '../errors.js'
import type { Platform } from '../platform/browser.js'
import { createIndexedDbRecords } from '../storage/create-indexed-db-records.js'
import { type Marker, createSealedStore } from '../storage/create-sealed-store.js'
import { type SessionStore, createSessionStore } from '../storage/create-session-store.js'
import { type Records, createMemoryRecords } from '../storage/records.js'
import type { Persistence } from '../types.js'

/** The storage that the browser grants. */
export interface OpenedStorage {
  readonly store: SessionStore
  /** Whether a sign-in under way survives leaving the page. */
  readonly durable: boolean
  /** Why the session is kept in memory, against the options. */
  readonly warning: AuthError | null
}

/**
 * Opens what the browser grants: its database, or memory where it is blocked. Without Web Locks
 * tabs could not take turns at renewing, so there each keeps a session of its own.
 */
export async function openStorage(
  platform: Platform,
  name: string,
  persistence: Persistence,
): Promise<OpenedStorage> {
  const { now, page } = platform
  const factory = platform.indexedDb()
  let durable: Records | undefined
  let warning: AuthError | null = null
  try {
    if (!factory) throw unavailable('no database')
    const records = createIndexedDbRecords(factory, name, platform.schedule)
    await records.transact(() => undefined)
    durable = records
  } catch (error) {
    warning = error as AuthError
  }
  const memory = createMemoryRecords()
  const lasting: Marker = { read: () => '', create: () => '' }
  const transactions = createSealedStore(durable ?? memory, lasting, now)
  if (persistence === 'memory') warning = durable ? null : warning
  else if (durable && !platform.locks()) warning = unavailable('no Web Locks')
  let sessions = transactions
  if (persistence === 'memory' || warning) {
    sessions = createSealedStore(memory, lasting, now)
  } else if (persistence === 'session') {
    const marker = createMarker(page, name)
    sessions = createSealedStore(durable as Records, marker, now)
    // Where the browser session is another one than that of the record, what is left of it goes.
    await sessions.records
      .transact((all) => marker.read() === null && all.delete('session'))
      .catch(() => undefined)
  }
  return { store: createSessionStore(sessions, transactions, now), durable: !!durable, warning }
}

/**
 * A random name for this browser session, in a session cookie: the one thing that all tabs see and
 * that ends with the browser session. It says nothing and opens nothing by itself. Where no cookie
 * is to be had, the tab's session storage has to do.
 */
function createMarker(page: Platform['page'], name: string): Marker {
  const read = () => page.readCookie(name) ?? page.readTabItem(name)
  return {
    read,
    create() {
      const known = read()
      if (known !== null) return known
      const mark = crypto.randomUUID()
      page.writeCookie(name, mark)
      if (page.readCookie(name) === null) page.writeTabItem(name, mark)
      return read()
    },
  }
}

function unavailable(what: string): AuthError {
  return new AuthError(
    'storage_unavailable',
    `The session is kept in memory: this browser offers ${what}.`,
  )
}
