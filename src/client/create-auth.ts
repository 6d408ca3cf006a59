import { AuthError } from '../errors.js'
import { abortable } from '../http/abortable.js'
import { createAuthorizedFetch } from '../http/create-authorized-fetch.js'
import { type ListedResource, matchResource } from '../http/match-resource.js'
import { fetchUserInfo } from '../protocol/fetch-user-info.js'
import { readChallenges } from '../protocol/read-challenges.js'
import { type TokenRecord, tokenKey } from '../session/records.js'
import type {
  AccessTokenRequest,
  Auth,
  AuthOptions,
  AuthState,
  SignedInState,
  SignInRequest,
  StartResult,
  UserClaims,
  UserInfo,
} from '../types.js'
import { type Client, createClient } from './create-client.js'
import { listenToPage } from './listen-to-page.js'
import { signIn } from './sign-in.js'
import { signOut } from './sign-out.js'
import { startClient } from './start-client.js'

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
 * if (auth.state.status !== 'signed-in') await auth.signIn({ returnTo: location.href })
 * const response = await auth.fetch('https://api.example/orders')
 * ```
 *
 * @throws {AuthError} `config`, naming the option and the remedy
 */
export function createAuth<Claims = UserClaims>(options: AuthOptions): Auth<Claims> {
  const client = createClient(options)
  const { session, platform } = client
  const { context } = session
  const { resources } = client.options
  let started: Promise<StartResult> | undefined
  let leaving: Promise<never> | undefined
  let closed = false
  let stopListening = () => {}
  let settleReady = () => {}
  const ready = new Promise<void>((resolve) => {
    settleReady = resolve
  })

  const start = () => {
    if (closed) return Promise.reject(closedError())
    if (!started) {
      started = startClient(client)
      stopListening = listenToPage(client)
      started.then(settleReady, settleReady)
    }
    return started
  }
  const explained = async <Result>(task: () => Promise<Result>): Promise<Result> => {
    try {
      await start()
      return await task()
    } catch (error) {
      throw error instanceof AuthError ? context.explain(error) : error
    }
  }
  const signInOnce = (request: SignInRequest = {}) =>
    explained(() => {
      leaving ??= signIn(client, request).finally(() => {
        leaving = undefined
      })
      return leaving
    })
  const tokenFor = (listed: ListedResource | undefined, stale?: string) =>
    explained(() => session.token(tokenKey(listed), stale))
  const usable = (listed: ListedResource | undefined) => session.usableToken(tokenKey(listed))
  const listedAt = (url: string | URL) =>
    matchResource(resources, String(url), platform.page.href())

  const getToken = async (
    listed: ListedResource | undefined,
    { forceRenewal, signal }: AccessTokenRequest,
  ): Promise<TokenRecord> => {
    const token = usable(listed)
    signal?.throwIfAborted()
    if (token && !forceRenewal) return token
    const stale = forceRenewal ? token?.accessToken : undefined
    return abortable(signal, tokenFor(listed, stale))
  }

  return Object.freeze<Auth<Claims>>({
    get state() {
      return context.state() as AuthState<Claims>
    },
    ready,
    subscribe: (listener) => session.subscribe(listener as (state: AuthState) => void),
    start,
    signIn: quiet(signInOnce),
    signOut: (request = {}) => {
      client.signInLimit.reset()
      // At once where there is something to end: no token is given out after this call.
      const known = context.state().status !== 'starting'
      return known ? signOut(client, request) : explained(() => signOut(client, request))
    },
    async requireSession(request = {}) {
      await start()
      const state = context.state()
      if (state.status === 'signed-in' && state.renewal !== 'expired') {
        return state as SignedInState<Claims>
      }
      return signInOnce(request)
    },
    getAccessToken: async (request = {}) => {
      const listed = request.url === undefined ? undefined : listedAt(request.url)
      return (await getToken(listed, request)).accessToken
    },
    fetch: createAuthorizedFetch({
      resources,
      fetch: client.nativeFetch,
      base: platform.page.href,
      now: platform.now,
      usable,
      token: tokenFor,
      readChallenges,
      isAnswered: (challenge) => context.current()?.record.answered.includes(challenge) ?? false,
    }),
    authorize: async ({ url, signal }) => {
      const token = await getToken(listedAt(url), signal ? { signal } : {})
      return { authorization: `${token.tokenType} ${token.accessToken}` }
    },
    userInfo: () => explained(() => readUserInfo(client)),
    close() {
      closed = true
      stopListening()
      session.close()
      void client.connectTabs().then((tabs) => tabs.close())
    },
  })
}

async function readUserInfo({ session }: Client): Promise<UserInfo> {
  const { accessToken, tokenType } = await session.token('')
  const record = session.context.current()?.record
  if (!record?.claims) {
    throw new AuthError('config', 'userInfo: ask for the scope "openid" to have a user.')
  }
  const authorization = { authorization: `${tokenType} ${accessToken}` }
  const { transport } = session.context
  return fetchUserInfo(transport, record.metadata, authorization, record.claims.sub)
}

function closedError(): AuthError {
  return new AuthError('closed', 'This client was closed: make a new one with createAuth().')
}

/**
 * The same function, whose promise may be left alone: when the user comes back from the provider by
 * the back button, an app that waits for nothing sees no unhandled rejection.
 */
function quiet<Input>(run: (input?: Input) => Promise<never>): (input?: Input) => Promise<void> {
  return (input) => {
    const promise = new Promise<void>((resolve, reject) => {
      run(input).then(resolve, (error) => {
        if ((error as AuthError).code === 'sign_in_interrupted') promise.catch(() => undefined)
        reject(error)
      })
    })
    return promise
  }
}
