import { AuthError } from '../errors.js'
import { createTransport } from '../http/create-transport.js'
import { watchAnswers } from '../http/watch-answers.js'
import { createPage, type Page } from '../platform/page.js'
import { discoverMetadata, fetchKeySet } from '../protocol/discover.js'
import { createProviderSource } from '../session/create-provider-source.js'
import { createSession, type Session } from '../session/create-session.js'
import { EPOCH } from '../session/records.js'
import { createIndexedDbRecords } from '../storage/create-indexed-db-records.js'
import { createStore, type Records } from '../storage/create-store.js'
import { createLock } from '../tabs/create-lock.js'
import { createTabChannel } from '../tabs/create-tab-channel.js'
import type { Capability } from '../types/capabilities.js'
import type { AuthOptions } from '../types/options.js'
import type { ProviderMetadata } from '../types/provider.js'
import { sharesRedirectUri } from './claim-callback.js'
import type { Client } from './client.js'
import { resolveOptions } from './resolve-options.js'
import { retryRequest } from './retry-request.js'
import { signInSilently } from './sign-in-silently.js'

const PROVIDER = 'provider'
/** The name of the cookie. */
const MARK = 'tessera-auth'

/** Puts a client together. Nothing is opened, asked or listened to yet. */
export function createClient(given: AuthOptions): Client {
  if (globalThis.isSecureContext === false) {
    throw new AuthError('config', 'createAuth: serve this page by https:, or from localhost.')
  }
  // No browser that has these lacks anything else that is used without a look first.
  if (!globalThis.crypto?.subtle || !AbortSignal.timeout) {
    throw new AuthError(
      'config',
      'createAuth: this browser has no crypto.subtle or AbortSignal.timeout.',
    )
  }
  const page = createPage()
  const options = resolveOptions(given, page.href())
  const { issuer, metadata, provider, allowLoopback, timeout, clientId, persistence } = options
  // The whole issuer and client ID, not a hash: two clients must never share a name.
  const identity = [issuer ?? (metadata as ProviderMetadata).issuer ?? metadata, clientId]
  const name = `tessera-auth ${JSON.stringify(identity)}`
  const watched = watchAnswers(() => options.fetch ?? globalThis.fetch.bind(globalThis))
  const transport = createTransport(watched.providerFetch, timeout)

  const memory = new Map<string, unknown>()
  const durable = createIndexedDbRecords(name, page.on)
  let isProven = false
  let storageFailure: AuthError | undefined
  const records: Records = async (change) => {
    try {
      if (storageFailure) return change(memory)
      const result = await durable(change)
      isProven = true
      return result
    } catch (error) {
      // A database that has worked will work again. One that never did is replaced by memory.
      if (isProven) throw error
      storageFailure = error as AuthError
      session.warn(error)
      return change(memory)
    }
  }
  /** Gives a database that was too slow another chance, unless somebody signed in or out in memory. */
  const retryStorage = () => {
    const isIdle = session.state().status === 'signed-out' && !memory.has(EPOCH)
    if (!storageFailure?.retryable || !isIdle) return
    storageFailure = undefined
    session.warn(null)
  }
  /** See `SessionPorts.isStored`. */
  const isStored = () => {
    retryStorage()
    if (persistence === 'memory' || storageFailure) return false
    // Without Web Locks, tabs could not take turns at renewing; without a cookie, they could not open what
    // another tab has sealed.
    const isOpenToTabs = persistence === 'device' || marks.isShared()
    if (isOpenToTabs && globalThis.navigator?.locks) return true
    session.warn(new AuthError('storage_unavailable', 'This browser lets no tabs share a session.'))
    return false
  }
  const marks = createMarks(page)
  const noteName = `${name} sign-out`
  /** The pending sign-out as this page alone knows it, in case the browser keeps nothing. */
  let pending = ''
  const store = createStore(records, (isToSeal) => {
    if (persistence !== 'session') return ''
    return isToSeal ? marks.ensure() : marks.read()
  })
  /**
   * The errors that have their hint. A state that is shown anew gives the same error again, and a hint that
   * builds on the one before would grow.
   */
  const explained = new WeakSet<AuthError>()
  const explain = (error: AuthError) => {
    const hint = explained.has(error) ? '' : provider?.explain?.(error)
    const result = hint ? new AuthError(error.code, error.message, { ...error, hint }) : error
    explained.add(result)
    return result
  }
  const tabs = createTabChannel(name, () => void session.revalidate())
  const {
    bind,
    push,
    silent,
    idTokenHint,
    wait,
    navigate = page.navigate,
    leave = page.navigate,
  }: Capability = Object.assign(Object.create(null), ...(options.capabilities ?? []))
  const session: Session = createSession({
    clientId,
    store,
    binding: bind?.({
      records,
      current: () => session.current(),
      end: (error) => session.end(error),
    }),
    push,
    nonceWithoutOpenid: !!provider?.nonceWithoutOpenid,
    signInSilently: silent && ((tokenKey) => signInSilently(client, silent, tokenKey, idTokenHint)),
    isStored,
    sharesRedirectUri: () => sharesRedirectUri(client),
    pendingSignOut: () => page.readSharedItem(noteName) ?? pending,
    notePendingSignOut(note) {
      pending = note
      page.writeSharedItem(noteName, note)
    },
    transport,
    isInDoubt: watched.isInDoubt,
    watchLeaving() {
      let isLeaving = false
      const stop = page.on('leaving', () => {
        isLeaving = true
      })
      return () => {
        stop()
        return isLeaving
      }
    },
    ...createProviderSource({
      issuer,
      allowLoopback,
      address: typeof metadata === 'string' ? metadata : undefined,
      load: async () => (await store.get(PROVIDER))?.content,
      save: (content) => store.put(PROVIDER, content),
      fetchKeys: (source) => retryRequest(() => fetchKeySet(transport, source)),
      discover: () =>
        retryRequest(() =>
          discoverMetadata(transport, metadata, issuer, allowLoopback, provider?.endpoints),
        ),
    }),
    lock: createLock(name, 2 * timeout),
    announce: tabs.announce,
    explain,
  })
  const client: Client = {
    name,
    options,
    page,
    session,
    tabs,
    failures: [],
    signOuts: 0,
    closing: new AbortController(),
    wait,
    storageFailure: () =>
      storageFailure ??
      (persistence === 'session' && !marks.outlivesPage()
        ? new AuthError('storage_unavailable', 'The browser keeps no data for this page.')
        : undefined),
    navigate,
    leave,
    fetch: watched.fetch,
    explain,
  }
  return client
}

/**
 * A random name for this browser session, in a session cookie: that is the one thing that all tabs see
 * and that ends with the browser session. It says nothing and opens nothing by itself. Without cookies,
 * the tab's session storage has to do, so that sign-ins under way can still be completed.
 *
 * It is not made before something is to be sealed: tabs that are opened at once would each make one, and
 * Firefox may leave them with different ones for good.
 */
function createMarks(page: Page) {
  let own = page.readTabItem(MARK)
  // Read only: a tab that has not seen the latest cookie would replace it by an older one.
  const read = () => {
    const mark = page.readCookie(MARK)
    // Another client on the page may have made one meanwhile, for the same tab item.
    if (!mark) own ??= page.readTabItem(MARK)
    return mark || own
  }
  return {
    read,
    ensure(): string {
      const known = read()
      if (known) return known
      const mark = crypto.randomUUID()
      page.writeCookie(MARK, mark)
      if (page.readCookie(MARK) !== mark) {
        own = mark
        page.writeTabItem(MARK, mark)
      }
      return mark
    },
    isShared: () => !own || !!page.readCookie(MARK),
    /** Whether the next page of the tab can open what was sealed: with neither cookie nor tab item it cannot. */
    outlivesPage: () => !own || !!page.readCookie(MARK) || page.readTabItem(MARK) === own,
  }
}
