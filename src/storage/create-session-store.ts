import type { Opened, SealedStore, StoredRecord } from './create-sealed-store.js'
import { KEY } from './create-sealed-store.js'

/** When renewals may be tried again, shared by all tabs; times in milliseconds since the epoch. */
export interface RenewalPace {
  readonly failures: number
  readonly notBefore: number
  readonly recent: readonly number[]
}

/** What is kept of a session and of sign-ins under way. */
export interface SessionStore {
  /** The session as stored; `cleared` when somebody emptied the storage behind our back. */
  readonly load: () => Promise<Opened | 'none' | 'cleared'>
  /** Starts a session, unless a sign-out came after `epoch`. Returns its version. */
  readonly begin: (content: unknown, epoch: number) => Promise<string | undefined>
  /** Replaces the session, unless it is no longer the `version`. Returns the new version. */
  readonly replace: (content: unknown, version: string) => Promise<string | undefined>
  /** Forgets everything of the user, and makes sign-ins and renewals under way come to nothing. */
  readonly end: () => Promise<void>
  readonly saveTransaction: (state: string, content: unknown) => Promise<void>
  readonly readTransaction: (state: string) => Promise<Opened | 'used' | undefined>
  /** Takes a transaction: `true` for one caller in one tab, and never again. */
  readonly takeTransaction: (state: string) => Promise<boolean>
  /** Counts sign-outs. */
  readonly epoch: () => Promise<number>
  readonly pace: () => Promise<RenewalPace>
  readonly setPace: (pace: RenewalPace) => Promise<void>
  readonly loadProvider: () => Promise<Opened | undefined>
  readonly saveProvider: (content: unknown) => Promise<void>
}

const SESSION = 'session'
const EPOCH = 'epoch'
const PACE = 'pace'
const PROVIDER = 'provider'
const TRANSACTION = 'transaction:'
const USED = 'used:'
const TRANSACTION_LIFETIME = 60 * 60_000
const MOST_TRANSACTIONS = 30
const NO_PACE: RenewalPace = { failures: 0, notBefore: 0, recent: [] }

/**
 * Keeps the session in one store and the sign-ins under way in another: these have to survive the
 * way to the provider even where the session is kept in memory.
 */
export function createSessionStore(
  sessions: SealedStore,
  transactions: SealedStore,
  now: () => number,
): SessionStore {
  const epochOf = (all: Map<string, unknown>) => (all.get(EPOCH) as number | undefined) ?? 0
  return {
    async load() {
      const opened = await sessions.get(SESSION)
      if (opened) return opened
      return sessions.records.transact((all) => (all.has(EPOCH) ? 'none' : 'cleared'))
    },
    begin: (content, epoch) =>
      sessions.put(SESSION, content, (all) => {
        if (epochOf(all) !== epoch) return false
        all.set(EPOCH, epoch)
        all.delete(PACE)
        return true
      }),
    replace: (content, version) =>
      sessions.put(SESSION, content, (all) => versionOf(all.get(SESSION)) === version),
    async end() {
      await sessions.records.transact((all) => {
        const epoch = epochOf(all) + 1
        for (const name of [...all.keys()]) if (!keptAtSignOut(name)) all.delete(name)
        all.set(EPOCH, epoch)
      })
      await transactions.records.transact((all) => {
        for (const name of [...all.keys()]) if (name.startsWith(TRANSACTION)) all.delete(name)
      })
    },
    async saveTransaction(state, content) {
      await transactions.put(TRANSACTION + state, content, (all) => {
        evict(all, TRANSACTION, now())
        evict(all, USED, now())
        return true
      })
    },
    async readTransaction(state) {
      const opened = await transactions.get(TRANSACTION + state)
      if (opened) return opened
      return transactions.records.transact((all) => (all.has(USED + state) ? 'used' : undefined))
    },
    takeTransaction: (state) =>
      transactions.records.transact((all) => {
        const stored = all.get(TRANSACTION + state) as StoredRecord | undefined
        if (!stored) return false
        all.delete(TRANSACTION + state)
        all.set(USED + state, { at: now() })
        return now() - stored.at < TRANSACTION_LIFETIME
      }),
    epoch: () => sessions.records.transact(epochOf),
    pace: () =>
      sessions.records
        .transact((all) => all.get(PACE) as RenewalPace | undefined)
        .then((pace) => pace ?? NO_PACE)
        .catch(() => NO_PACE),
    setPace: (pace) =>
      sessions.records.transact((all) => void all.set(PACE, pace)).catch(() => undefined),
    loadProvider: () => transactions.get(PROVIDER),
    async saveProvider(content) {
      await transactions.put(PROVIDER, content)
    },
  }
}

function keptAtSignOut(name: string): boolean {
  return name === KEY || name === PROVIDER || name.startsWith(USED)
}

function versionOf(stored: unknown): string | undefined {
  return (stored as StoredRecord | undefined)?.version
}

/** Drops what is too old, and of the rest the oldest until one more fits. */
function evict(all: Map<string, unknown>, prefix: string, time: number): void {
  const entries = [...all]
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, value]) => ({ name, at: Number((value as StoredRecord | null)?.at) || 0 }))
    .sort((one, other) => one.at - other.at)
  entries.forEach(({ name, at }, index) => {
    if (time - at >= TRANSACTION_LIFETIME || entries.length - index >= MOST_TRANSACTIONS) {
      all.delete(name)
    }
  })
}
