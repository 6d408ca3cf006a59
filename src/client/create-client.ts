import { AuthError } from '../errors.js'
import { createTransport } from '../http/create-transport.js'
import { createPage, type Page } from '../platform/page.js'
import { discoverMetadata, fetchKeySet } from '../protocol/discover.js'
import { readMetadata } from '../protocol/read-metadata.js'
import { createProviderSource } from '../session/create-provider-source.js'
import { createSession, type Session } from '../session/create-session.js'
import { createLock } from '../tabs/create-lock.js'
import { createTabChannel, type TabChannel } from '../tabs/create-tab-channel.js'
import type { AuthOptions } from '../types/options.js'
import { type OpenedStores, openStores } from './open-stores.js'
import { type ResolvedOptions, resolveOptions } from './resolve-options.js'
import { retryRequest } from './retry-request.js'

/** The parts of a client, put together. */
export interface Client {
  readonly options: ResolvedOptions
  readonly page: Page
  readonly session: Session
  readonly stores: () => Promise<OpenedStores>
  /** The channel to the other tabs, not open yet. */
  readonly tabs: () => Promise<TabChannel>
  readonly nativeFetch: () => typeof fetch
  readonly explain: (error: AuthError) => AuthError
}

const PROVIDER = 'provider'

/** Puts a client together. Nothing is opened, asked or listened to yet. */
export function createClient(given: AuthOptions): Client {
  const page = createPage()
  if (globalThis.isSecureContext === false || !globalThis.crypto?.subtle) {
    throw new AuthError('config', 'createAuth: serve this page by https:, or from localhost.')
  }
  const options = resolveOptions(given, page.href())
  const { issuer, metadata, provider, allowLoopback, timeout } = options
  const nativeFetch = () => options.fetch ?? globalThis.fetch.bind(globalThis)
  const transport = createTransport(nativeFetch, timeout)
  const name = once(() => storageName(options, page.href()))
  const stores = once(async () => openStores(page, await name(), options.persistence))
  const tabs = once(async () => createTabChannel(await name(), () => void session.revalidate()))
  const explain = (error: AuthError) => {
    const hint = provider.explain?.(error)
    return hint ? new AuthError(error.code, error.message, { ...error, hint }) : error
  }
  const session: Session = createSession({
    clientId: options.clientId,
    stores,
    transport,
    ...createProviderSource({
      issuer,
      allowLoopback,
      load: async () => (await (await stores()).transactions.get(PROVIDER))?.content,
      save: async (content) => (await stores()).transactions.put(PROVIDER, content),
      fetchKeys: (source) => retryRequest(() => fetchKeySet(transport, source)),
      discover: async () =>
        typeof metadata === 'object'
          ? readMetadata(metadata, issuer, allowLoopback)
          : retryRequest(() =>
              discoverMetadata(transport, metadata, issuer, allowLoopback, provider.endpoints),
            ),
    }),
    lock: createLock(name, 2 * timeout),
    announce: () => void tabs().then((channel) => channel.announce()),
    explain,
  })
  return { options, page, session, stores, tabs, nativeFetch, explain }
}

/** Names what is stored for one client of one provider, at one origin: cookies know no ports. */
async function storageName(options: ResolvedOptions, href: string): Promise<string> {
  const { issuer, metadata, clientId } = options
  const provider = issuer ?? (typeof metadata === 'string' ? metadata : metadata.issuer)
  const text = JSON.stringify([new URL(href).origin, provider, clientId])
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  const bytes = [...new Uint8Array(digest, 0, 12)]
  return `tessera-auth-${bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined
  return () => {
    made ??= make()
    return made
  }
}
