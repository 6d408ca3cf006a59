import { AuthError } from '../errors.js'
import { createTransport } from '../http/create-transport.js'
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
  if (!globalThis.crypto?.subtle || !URL.canParse || !AbortSignal.timeout) {
    throw new AuthError(
      'config',
      'createAuth: this browser has no crypto.subtle, URL.canParse or AbortSignal.timeout.',
    )
  }
  const page = createPage()
  const options = resolveOptions(given, page.href())
  const { issuer, metadata, provider, allowLoopback, timeout, clientId, persistence } = options
  // Whose it is, in full: a hash of it could be another's as well.
  const owner = [issuer ?? (metadata as ProviderMetadata).issuer ?? metadata, clientId]
  const name = `tessera-auth ${JSON.stringify(owner)}`
  const nativeFetch = () => options.fetch ?? globalThis.fetch.bind(globalThis)
  const transport = createTransport(nativeFetch, timeout)

  const memory = new Map<string, unknown>()
  const durable = createIndexedDbRecords(name, page.on)
  let isProven = false
  let storageFailure: AuthError | undefined
  const records: Records = async (change) => {
    try {
      if (storageFailure) return change(memory)
      // Browsers fail to open a database in passing; one that did not answer is not waited for twice.
      const result = await durable(change).catch((error) => {
        if (isProven || error.retryable) throw error
        return durable(change)
      })
      isProven = true
      return result
    } catch (error) {
      // What worked once will again; what never did is replaced, and as a rule for good.
      if (isProven) throw error
      storageFailure = error as AuthError
      session.warn(error)
      return change(memory)
    }
  }
  /** Whether the session is stored, for all tabs; otherwise each tab has one of its own. */
  const isStored = () => {
    // What answered too late may answer now, as long as nobody signed in or out in its stead.
    const isIdle = session.state().status === 'signed-out' && !memory.has(EPOCH)
    if (storageFailure?.retryable && isIdle) {
      storageFailure = undefined
      session.warn(null)
    }
    if (persistence === 'memory' || storageFailure) return false
    // Without Web Locks tabs could not take turns at renewing, without a cookie they could not open
    // what another one has sealed.
    const isShared = persistence === 'device' || marks.isShared()
    if (isShared && globalThis.navigator?.locks) return true
    session.warn(new AuthError('storage_unavailable', 'This browser lets no tabs share a session.'))
    return false
  }
  const marks = createMarks(page)
  const debt = `${name} sign-out`
  /** Where the browser keeps nothing. */
  let owed = ''
  const store = createStore(records, (isToSeal) => {
    if (persistence !== 'session') return ''
    return isToSeal ? marks.ensure() : marks.read()
  })
  const explain = (error: AuthError) => {
    const hint = provider?.explain?.(error)
    return hint ? new AuthError(error.code, error.message, { ...error, hint }) : error
  }
  const tabs = createTabChannel(name, () => void session.revalidate())
  const {
    bind,
    push,
    silent,
    idTokenHint,
    wait,
    navigate = page.navigate,
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
    isShared: () => sharesRedirectUri(client),
    owed: () => page.readSharedItem(debt) ?? owed,
    owe(sessionId) {
      owed = sessionId
      if (sessionId || page.readSharedItem(debt)) page.writeSharedItem(debt, sessionId)
    },
    transport,
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
    storageFailure: () => storageFailure,
    navigate,
    fetch: nativeFetch,
    explain,
  }
  return client
}

/**
 * A random name for this browser session, in a session cookie: the one thing that all tabs see and
 * that ends with the browser session. It says nothing and opens nothing by itself. Where no cookie
 * is to be had, the tab's session storage has to do: sign-ins under way can still be completed.
 *
 * It is made when something is to be sealed, and not before: tabs that are opened at once would each
 * make one, and Firefox may leave them with different ones for good.
 */
function createMarks(page: Page) {
  let own = page.readTabItem(MARK)
  // Not written again: a tab that has not heard of the latest would put an older one in its place.
  const read = () => page.readCookie(MARK) || own
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
  }
}
