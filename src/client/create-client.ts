import { AuthError } from '../errors.js'
import { createTransport } from '../http/create-transport.js'
import { retryRequest } from '../http/retry-request.js'
import { type Platform, createBrowserPlatform } from '../platform/browser.js'
import { discoverMetadata, fetchKeySet } from '../protocol/discover.js'
import { readMetadata } from '../protocol/read-metadata.js'
import { createProviderSource } from '../session/create-provider-source.js'
import { type Session, createSession } from '../session/create-session.js'
import type { SessionStore } from '../storage/create-session-store.js'
import { type Lock, createLock, createPageLock } from '../tabs/create-lock.js'
import { type TabChannel, createTabChannel } from '../tabs/create-tab-channel.js'
import type { AuthOptions } from '../types.js'
import { explainError } from './explain-error.js'
import { type OpenedStorage, openStorage } from './open-storage.js'
import { type ResolvedOptions, resolveOptions } from './resolve-options.js'
import { type SignInLimit, createSignInLimit } from './limit-sign-ins.js'

/** The parts of a client, put together. */
export interface Client {
  readonly options: ResolvedOptions
  readonly platform: Platform
  readonly session: Session
  readonly signInLimit: SignInLimit
  /** Opens the storage, once. */
  readonly openStorage: () => Promise<OpenedStorage>
  /** Connects to the other tabs; returns what to close. */
  readonly connectTabs: () => Promise<TabChannel>
  readonly nativeFetch: () => typeof fetch
}

/** Puts a client together. Nothing is opened, asked or listened to yet. */
export function createClient(given: AuthOptions): Client {
  const platform = createBrowserPlatform()
  const { now, random, schedule, page } = platform
  if (!page.isSecure()) {
    throw new AuthError(
      'config',
      'createAuth: browsers offer no cryptography to this page; serve it by https: or from localhost.',
    )
  }
  const options = resolveOptions(given, page.href())
  const nativeFetch = () => options.fetch ?? platform.fetch()
  const transport = createTransport({ fetch: nativeFetch, now, schedule, timeout: options.timeout })
  const name = once(() => storageName(options, page.href()))
  const opened = once(async () => openStorage(platform, await name(), options.persistence))
  const storage = deferred(async () => (await opened()).store)
  const provider = createProviderSource({
    now,
    issuer: options.issuer,
    allowLoopback: options.allowLoopback,
    load: () => storage.loadProvider(),
    save: (content) => storage.saveProvider(content),
    fetchKeys: (metadata) =>
      retryRequest({ schedule, random }, () => fetchKeySet(transport, metadata)),
    discover: () => discover(options, transport, { schedule, random }),
  })
  const lock = (purpose: string): Lock => {
    const patience = 2 * options.timeout
    const page = createPageLock()
    return async (task) => {
      const locks = platform.locks()
      if (!locks) return page(task)
      return createLock(locks, `${await name()} ${purpose}`, patience, schedule)(task)
    }
  }
  const tabs = once(async () => {
    const connect = platform.connect(await name())
    return createTabChannel(connect, () => void session.revalidate())
  })
  const session: Session = createSession({
    clientId: options.clientId,
    storage,
    transport,
    metadata: provider.metadata,
    keysOf: provider.keysOf,
    now,
    random,
    schedule,
    isOnline: page.isOnline,
    renewalLock: lock('renewal'),
    callbackLock: lock('callback'),
    announce: () => void tabs().then((channel) => channel.announce()),
    explain: (error) => explainError(options.provider, error),
    hasRefreshAlternative: false,
  })
  return {
    options,
    platform,
    session,
    nativeFetch,
    openStorage: opened,
    connectTabs: tabs,
    signInLimit: createSignInLimit({
      now,
      isUserActive: page.isUserActive,
      read: () => page.readTabItem(LOOP),
      write: (value) => page.writeTabItem(LOOP, value),
    }),
  }
}

const LOOP = 'tessera-auth callbacks'

async function discover(
  { metadata, issuer, allowLoopback, provider }: ResolvedOptions,
  transport: Parameters<typeof discoverMetadata>[0],
  retry: Parameters<typeof retryRequest>[0],
) {
  if (typeof metadata === 'object') return readMetadata(metadata, issuer, allowLoopback)
  return retryRequest(retry, () =>
    discoverMetadata(transport, metadata, issuer, allowLoopback, provider.endpoints),
  )
}

/** Names what is stored for one client of one provider, at one origin; cookies know no ports. */
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

/** The functions of something that takes a moment to open. */
function deferred(open: () => Promise<SessionStore>): SessionStore {
  return new Proxy({} as SessionStore, {
    get:
      (_, name: keyof SessionStore) =>
      async (...input: unknown[]) =>
        ((await open())[name] as (...input: unknown[]) => unknown)(...input),
  })
}
