import { AuthError, otherUser, signedOut } from '../errors.js'
import { abortable } from '../http/abortable.js'
import { createAuthorizedFetch } from '../http/create-authorized-fetch.js'
import { type ListedResource, matchResource } from '../http/match-resource.js'
import { readChallenges } from '../protocol/read-challenges.js'
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
import { dismiss } from './dismiss.js'
import { followPage } from './follow-page.js'
import { isAnswered } from './is-answered.js'
import { readUserInfo } from './read-user-info.js'
import { signOutSoon } from './sign-out.js'
import { startClient } from './start-client.js'

/** The parts of a client, for the entry points that work on one. */
export const CLIENTS: WeakMap<object, Client> = new WeakMap()

/** The request of a call without an argument. Made once, because apps make that call most. */
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
 * @typeParam Claims the type of `state.user`, which is the app's own statement about its provider: the
 *   claims that OpenID Connect demands are checked, the others are passed on unchecked
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
  /** Starts, and waits for a sign-out that was requested meanwhile. */
  const startFor = (request: SignInRequest | undefined) =>
    start()
      .then(() => client.ending)
      .catch((error) => {
        void dismiss(request, error)
        throw error
      })
  /** Runs a task when the client has started, until it is closed, and adds hints to its errors. */
  const whenStarted = async <Result>(
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
  /** The same for the current user only: while the page starts, a callback may bring another one. */
  const asSameUser = <Result>(task: () => Promise<Result>): Promise<Result> => {
    const asking = session.owner()
    return whenStarted(() => {
      const owner = session.owner()
      if (asking && owner && asking !== owner) throw otherUser()
      return task()
    })
  }
  const leaveOnce = createLeaveOnce(client)
  const signInOnce = (request: SignInRequest, signOuts: number): Promise<void> =>
    whenStarted(() => leaveOnce(request, signOuts), request)
  const usable = (listed?: ListedResource) =>
    client.ending ? undefined : session.usable(tokenKey(listed))
  const patiently = client.wait?.(session.subscribe, client.closing.signal)
  const token = (
    listed?: ListedResource,
    stale?: string,
    forced?: boolean,
    signal?: AbortSignal,
  ) => {
    const ask = () => session.token(tokenKey(listed), stale, forced)
    // A call whose answer is already there, a 401, does not wait for the user.
    return asSameUser(patiently && !stale && !forced ? () => patiently(ask, signal) : ask)
  }
  // A valid token is given without any wait.
  const getToken = (request: AccessTokenRequest): TokenRecord | Promise<TokenRecord> => {
    const { url, forceRenewal, signal } = request
    const listed = url === undefined ? url : matchResource(resources, `${url}`, page.base())
    signal?.throwIfAborted()
    const known = usable(listed)
    if (known && !forceRenewal) return known
    return abortable(signal, token(listed, undefined, forceRenewal, signal))
  }

  const requireSession = async (given?: SignInRequest) => {
    const { signOuts } = client
    const request = await readRequest(given)
    await startFor(request)
    // Restored from the back/forward cache: the session has yet to be looked for.
    if (session.state().status === 'starting') await session.revalidate()
    const owner = session.owner()
    const key = mainKey(session.current())
    // Whether only the user can renew an expired token is known when it was tried. A popup does not wait
    // for that.
    if (session.current() && !request.via && !session.usable(key)) {
      await session.token(key).catch(() => {})
    }
    const state = session.state() as AuthState<Claims>
    if (state.status === 'signed-in' && state.renewal !== 'expired') {
      void dismiss(request)
      return state
    }
    // Who signs out meanwhile, in whichever tab, or is idle for too long, is not sent to sign in again.
    const isOver = state.status === 'signed-out' && /^(signed-out|idle)$/.test(state.reason)
    if (owner && isOver) throw signedOut()
    // A sign-in that has just failed would fail again: the app has to show why, and the user to act on
    // it. A popup is such an act.
    const failed = state.status === 'signed-out' && state.reason === 'sign-in-failed'
    if (failed && client.stateWhenActed !== state && !request.via) throw state.error
    await signInOnce(request, signOuts)
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
    // Its request is not checked: a sign-out must not fail because of that.
    signOut: (request) => signOutSoon(client, Object(request), start),
    requireSession: (request) =>
      unattended(abortable(client.closing.signal, requireSession(request))),
    async getAccessToken(request) {
      const token = getToken(request === undefined ? NOTHING : assertAccessTokenRequest(request))
      // Not by `instanceof`: zone.js and polyfills put another class in the place of `Promise`.
      return 'accessToken' in token ? token.accessToken : (await token).accessToken
    },
    fetch: createAuthorizedFetch({
      resources,
      fetch: client.fetch,
      href: page.href,
      base: page.base,
      usable,
      atHand: (listed) => (client.ending ? undefined : session.atHand(tokenKey(listed))),
      token,
      owner: session.owner,
      binding: session.binding,
      readChallenges,
      isAnswered: (stepUp) => isAnswered(session, stepUp),
    }),
    async authorize(given) {
      const { url, method = 'GET', signal } = assertHeaderRequest(given)
      // Read once, before the wait: the proof is for the very URL that was matched.
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
    userInfo: () => asSameUser(() => readUserInfo(client)),
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
  client.start = start
  return auth
}

/** Reads the request of a sign-in. If it is refused, a popup that is open already is closed. */
async function readRequest(given: SignInRequest = {}): Promise<SignInRequest> {
  try {
    return assertSignInRequest(given)
  } catch (error) {
    void dismiss(given, error)
    throw error
  }
}

/**
 * Returns the same promise, and marks its rejection as handled if the user came back from the provider
 * by the back button or the client was closed: an app that does not wait for it need not catch that.
 */
function unattended<Result>(task: Promise<Result>): Promise<Result> {
  const promise: Promise<Result> = task.catch((error?: AuthError) => {
    if (/^(sign_in_interrupted|closed)$/.test(error?.code ?? '')) promise.catch(() => {})
    throw error
  })
  return promise
}
