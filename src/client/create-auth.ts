import { AuthError } from '../errors.js'
import { abortable } from '../http/abortable.js'
import { createAuthorizedFetch } from '../http/create-authorized-fetch.js'
import { type ListedResource, matchResource } from '../http/match-resource.js'
import { fetchUserInfo } from '../protocol/fetch-user-info.js'
import { readChallenges } from '../protocol/read-challenges.js'
import { otherUser } from '../session/create-session.js'
import { mainKey, type TokenRecord, tokenKey } from '../session/records.js'
import type { Auth } from '../types/auth.js'
import type { AuthOptions } from '../types/options.js'
import type { UserClaims } from '../types/provider.js'
import type { AccessTokenRequest, SignInRequest, StartResult } from '../types/requests.js'
import type { AuthState, SignedInState } from '../types/state.js'
import { isFunction } from './assert-options.js'
import {
  assertAccessTokenRequest,
  assertHeaderRequest,
  assertSignInRequest,
} from './assert-requests.js'
import { enlist } from './claim-callback.js'
import type { Client } from './client.js'
import { createClient } from './create-client.js'
import { createLeaveOnce } from './create-leave-once.js'
import { followPage } from './follow-page.js'
import { signOutSoon } from './sign-out.js'
import { startClient } from './start-client.js'

/** The parts of a client, for the entry points that work on one. */
export const CLIENTS: WeakMap<object, Client> = new WeakMap()

/** What a call without an argument wishes. Made once: such calls are what an app makes most. */
const NOTHING: AccessTokenRequest = Object.freeze(Object.create(null))

/**
 * Makes a client for one provider and one registered app. Nothing happens before one of its
 * functions is called.
 *
 * ```ts
 * export const auth = createAuth({
 *   issuer: 'https://login.example/',
 *   clientId: 'my-app',
 *   redirectUri: '/callback',
 *   resources: [{ url: 'https://api.example/', scope: ['orders.read'] }],
 * })
 * await auth.start()
 * await auth.requireSession({ returnTo: location.href })
 * const response = await auth.fetch('https://api.example/orders')
 * ```
 *
 * @typeParam Claims what `state.user` is taken to be. It is the app's word for what its provider
 *   sends: the claims that OpenID Connect demands are checked, the others are handed on
 * @throws {AuthError} `config`, naming the option and the remedy
 */
export function createAuth<Claims = UserClaims>(options: AuthOptions): Auth<Claims> {
  const client = createClient(options)
  const unlist = enlist(client)
  const { session, page } = client
  const { resources } = client.options
  let started: Promise<StartResult> | undefined
  let close: (() => void) | undefined
  let settleReady: (() => void) | undefined
  const ready = new Promise<void>((resolve) => {
    settleReady = resolve
  })

  const start = () => {
    started ??= startClient(client).finally(settleReady)
    close ??= followPage(client)
    return started
  }
  const startFor = (request: SignInRequest | undefined) =>
    start().catch((error) => {
      dismiss(request, error)
      throw error
    })
  const explained = async <Result>(
    task: () => Promise<Result>,
    request?: SignInRequest,
  ): Promise<Result> => {
    try {
      await startFor(request)
      return await abortable(client.closing.signal, task())
    } catch (error) {
      throw error instanceof AuthError ? client.explain(error) : error
    }
  }
  /** What is done as the user of now: while the page starts, a callback may bring another. */
  const owned = <Result>(task: () => Promise<Result>): Promise<Result> => {
    const asking = session.owner()
    return explained(() => {
      const owner = session.owner()
      if (asking && owner && asking !== owner) throw otherUser()
      return task()
    })
  }
  const leaveOnce = createLeaveOnce(client)
  const signInOnce = (request: SignInRequest, signOuts: number): Promise<void> =>
    explained(() => leaveOnce(request, signOuts), request)
  const usable = (listed?: ListedResource) => session.usable(tokenKey(listed))
  const patiently = client.wait?.(session.subscribe)
  const token = (listed?: ListedResource, stale?: string, forced?: boolean) => {
    const ask = () => session.token(tokenKey(listed), stale, forced)
    // An answer that is being held does not wait for the user.
    return owned(patiently && !stale && !forced ? () => patiently(ask) : ask)
  }
  // A token at hand costs no wait of its own.
  const getToken = (request: AccessTokenRequest): TokenRecord | Promise<TokenRecord> => {
    const { url, forceRenewal, signal } = request
    const listed = url === undefined ? url : matchResource(resources, `${url}`, page.base())
    signal?.throwIfAborted()
    const known = usable(listed)
    if (known && !forceRenewal) return known
    return abortable(signal, token(listed, undefined, forceRenewal))
  }
  const readUserInfo = async () => {
    const token = await session.token('')
    const { claims, metadata } = session.current() ?? {}
    if (!claims || !metadata) {
      throw new AuthError('config', 'userInfo: the scope "openid" is what gives a user.')
    }
    return fetchUserInfo(session, metadata, token, claims.sub, client.options.provider)
  }

  const requireSession = async (given?: SignInRequest) => {
    const { signOuts } = client
    const request = await readRequest(given)
    await startFor(request)
    // Out of the back/forward cache: the session that the page had is still to be looked for.
    if (session.state().status === 'starting') await session.revalidate()
    const key = mainKey(session.current())
    // A token that has run out may be one that only the user can replace: trying tells. A window
    // does not wait for that.
    if (session.current() && !request.via && !session.usable(key)) {
      await session.token(key).catch(() => {})
    }
    const state = session.state() as AuthState<Claims>
    const current = state.status === 'signed-in' && state.renewal !== 'expired'
    // Who was just refused would be refused again: the app has to say so first, and the user to act
    // on it. A window is the user's own word.
    const failed = state.status === 'signed-out' && state.reason === 'sign-in-failed'
    if (failed && client.heeded !== state && !request.via) throw state.error
    if (current) dismiss(request)
    else await signInOnce(request, signOuts)
    return session.state() as SignedInState<Claims>
  }

  const auth = Object.freeze<Auth<Claims>>({
    get state() {
      return session.state() as AuthState<Claims>
    },
    ready,
    subscribe(listener) {
      if (isFunction(listener)) return session.subscribe(listener as (state: AuthState) => void)
      throw new AuthError('config', 'subscribe: its listener has to be a function.')
    },
    start,
    signIn(given) {
      const { signOuts } = client
      return unattended(readRequest(given).then((request) => signInOnce(request, signOuts)))
    },
    signOut: (request) => signOutSoon(client, Object(request), start),
    requireSession: (request) => unattended(requireSession(request)),
    async getAccessToken(request) {
      const token = getToken(request === undefined ? NOTHING : assertAccessTokenRequest(request))
      return token instanceof Promise ? (await token).accessToken : token.accessToken
    },
    fetch: createAuthorizedFetch({
      resources,
      fetch: client.fetch,
      href: page.href,
      base: page.base,
      usable,
      token,
      owner: session.owner,
      binding: session.binding,
      readChallenges,
      isAnswered({ challenge, maxAge }) {
        const { answered = [], claims } = session.current() ?? {}
        // A recent sign-in grows old: the same challenge may then be answered again, though not within
        // a minute, or an API that is never content would keep the page at the provider.
        const recentUntil = Number(claims?.auth_time) + Math.max(maxAge ?? Infinity, 60)
        return answered.includes(challenge) && !(Date.now() > recentUntil * 1000)
      },
    }),
    async authorize(given) {
      const { url, method = 'GET', signal } = assertHeaderRequest(given)
      // Read once, and before the wait: what is signed is what was matched.
      const text = `${url}`
      const token = getToken({ url: text, ...(signal && { signal }) })
      const target = new URL(text, page.base()).href
      const { tokenType, accessToken } = await token
      const headers: Record<string, string> = { authorization: `${tokenType} ${accessToken}` }
      await session.binding?.send(target, method, accessToken, async (dpop) => {
        headers.dpop = dpop
        return { status: 0, headers: new Headers() }
      })
      return headers
    },
    userInfo: () => owned(readUserInfo),
    close() {
      close?.()
      close = () => {}
      unlist()
      const closed = new AuthError('closed', 'This client was closed.')
      client.closing.abort(closed)
      started = Promise.reject(closed)
      started.catch(() => {})
      settleReady?.()
      session.close()
    },
  })
  CLIENTS.set(auth, client)
  return auth
}

/** Reads what sign-in is asked for. A window that is open already ends with what is refused. */
async function readRequest(given: SignInRequest = {}): Promise<SignInRequest> {
  try {
    return assertSignInRequest(given)
  } catch (error) {
    dismiss(given, error)
    throw error
  }
}

/** Ends a way to the provider that is not taken, such as a window that is open already. */
function dismiss(request: SignInRequest | undefined, reason?: unknown): void {
  const untaken = Promise.reject(reason)
  untaken.catch(() => {})
  const { via } = Object(request)
  if (typeof via === 'function') via(untaken).catch(() => {})
}

/**
 * A promise that may be left alone when the user comes back from the provider by the back button, or
 * the client is closed: an app that waits for nothing sees no unhandled rejection.
 */
function unattended<Result>(task: Promise<Result>): Promise<Result> {
  const promise: Promise<Result> = task.catch((error: AuthError) => {
    if (/^(sign_in_interrupted|closed)$/.test(error.code)) promise.catch(() => {})
    throw error
  })
  return promise
}
