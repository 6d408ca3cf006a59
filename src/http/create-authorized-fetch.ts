import { AuthError, otherUser } from '../errors.js'
import type { TokenBinding } from '../types/capabilities.js'
import { abortable } from './abortable.js'
import type { ListedResource } from './match-resource.js'
import { type Call, readCall } from './read-call.js'
import { readWorkerState } from './read-worker-state.js'
import { type Challenge, type StepUp, stepUpOf } from './step-up.js'

/** An access token and how to present it. */
export interface ResourceToken {
  readonly accessToken: string
  readonly tokenType: string
  readonly scope: readonly string[]
}

/** The dependencies of {@link createAuthorizedFetch}. */
export interface AuthorizedFetchPorts {
  readonly resources: readonly ListedResource[]
  /** The current native `fetch`. */
  readonly fetch: () => typeof fetch
  /** The address of the page, to return to after a sign-in. */
  readonly href: () => string
  /** The base that the browser resolves relative URLs against. */
  readonly base: () => string
  /** Returns a token that can be sent as it is, if there is one. */
  readonly usable: (listed: ListedResource) => ResourceToken | undefined
  /** The same for a request that cannot wait, not even for what another tab may have changed. */
  readonly atHand: (listed: ListedResource) => ResourceToken | undefined
  /**
   * Returns a token, renewed if need be.
   *
   * @param stale the access token that the API refused
   * @param forced whether to replace the one in use, which no call does
   * @param signal ends a wait for the user
   */
  readonly token: (
    listed: ListedResource,
    stale?: string,
    forced?: boolean,
    signal?: AbortSignal,
  ) => Promise<ResourceToken>
  /** Returns a value that identifies the user who is signed in now. */
  readonly owner: () => unknown
  readonly binding: TokenBinding | undefined
  readonly readChallenges: (header: string | null) => Promise<readonly Challenge[]>
  /** Whether a sign-in has answered this challenge before. */
  readonly isAnswered: (stepUp: StepUp) => boolean
}

declare global {
  interface Request {
    /** Of Local Network Access, so far in Chromium only. */
    readonly targetAddressSpace?: string
  }
}

/**
 * How long an API that refused even a new token causes no further renewal, in milliseconds of
 * `performance.now()`, which is not affected when somebody sets the clock.
 */
const BREAKER = 5 * 60_000

/** A call that has a token, with the user of that token. */
interface OwnedCall extends Call {
  readonly owner: unknown
}

/**
 * Makes a `fetch` that adds access tokens: only to requests to listed resources, and only in the
 * header. After a 401 that a new token may mend, the request is sent once more. A challenge that
 * asks for more scope or a stronger sign-in becomes `step_up_required`.
 */
export function createAuthorizedFetch(ports: AuthorizedFetchPorts): typeof fetch {
  const refusedUntil = new Map<string, number>()

  const send = (
    call: OwnedCall,
    request: Request,
    token: ResourceToken,
    isResent = false,
  ): Promise<Response> => {
    const { binding } = ports
    if (!binding) return sendOnce(call, request, token, isResent)
    let answer: Response | undefined
    const sent = binding.send(
      request.url,
      request.method,
      token.accessToken,
      async (proof, again) => {
        const next = again ? call.copy?.clone() : request
        if (!next) return undefined
        // Making a proof takes time, and so does an answer that asks for another one.
        if (ports.owner() !== call.owner) throw otherUser()
        if (answer) discard(answer)
        next.headers.set('dpop', proof)
        answer = await sendOnce(call, next, token, isResent || again)
        return answer
      },
    )
    sent.catch(() => answer && discard(answer))
    return sent
  }
  const sendOnce = async (
    call: Call,
    request: Request,
    token: ResourceToken,
    isResent: boolean,
  ): Promise<Response> => {
    request.headers.set('authorization', `${token.tokenType} ${token.accessToken}`)
    const { redirect, referrer, referrerPolicy, targetAddressSpace, cache } = request
    const isRead = /^(GET|HEAD)$/.test(request.method)
    const follows = call.listed.redirect === 'follow' && !ports.binding && isRead
    // Behind a service worker WebKit preflights it: https://github.com/configcat/node-sdk/issues/5
    const isReload =
      isResent && isRead && /^(default|no-cache|force-cache)$/.test(cache) && !readWorkerState()
    // These are passed on because setting any member resets the referrer (Fetch §5.4, step 12),
    // Firefox 153 forgets the keepalive of a Request, and Chromium 156 its address space. There is
    // no prototype, because a member of Object.prototype, such as `headers`, would count as well
    // and remove the token.
    const init = Object.assign(Object.create(null), {
      redirect: redirect === 'follow' && !follows ? 'error' : redirect,
      // With keepalive, Firefox 153 would send the address that the page was loaded with: on a
      // callback page, that address contains the code.
      referrer: call.keepalive && referrer === 'about:client' ? ports.href() : referrer,
      referrerPolicy,
      keepalive: call.keepalive,
      targetAddressSpace,
      // Firefox 153 locks the entry in its cache until the body of the refusal ends, and with
      // "force-cache" it would return the refusal itself again.
      ...(isReload && { cache: 'reload' }),
    })
    try {
      return await ports.fetch()(request, init)
    } catch (error) {
      // WebKit, and Firefox 153 with keepalive, reject with another reason than the signal's.
      if ((error as Error | null)?.name === 'AbortError') request.signal.throwIfAborted()
      throw error
    }
  }

  const repair = async (
    call: OwnedCall,
    refused: Response,
    token: ResourceToken,
  ): Promise<Response> => {
    const { origin } = call.listed
    const until = refusedUntil.get(origin) ?? 0
    if (!call.copy || performance.now() < until) return refused
    const renewed = await abortable(
      call.request.signal,
      ports.token(call.listed, token.accessToken),
    ).catch((error) => {
      // The caller may have aborted with an AuthError as the reason: that one is thrown.
      call.request.signal.throwIfAborted()
      if (error instanceof AuthError) return undefined
      throw error
    })
    // A request that one user made is not sent as another user.
    if (!renewed || renewed.accessToken === token.accessToken || ports.owner() !== call.owner) {
      return refused
    }
    discard(refused)
    // With a proof of possession, the copy may have to be sent once more.
    const next = ports.binding ? call.copy.clone() : call.copy
    const response = await send(call, next, renewed, true)
    const isRefused = response.status === 401
    if (!isRefused) refusedUntil.delete(origin)
    const heeded = await heed({ ...call, copy: undefined }, response, renewed)
    // An API that asks for another sign-in has not refused the token.
    if (isRefused) refusedUntil.set(origin, performance.now() + BREAKER)
    return heeded
  }

  const heed = async (
    call: OwnedCall,
    response: Response,
    token: ResourceToken,
  ): Promise<Response> => {
    if (response.status !== 401 && response.status !== 403) return response
    // After a redirect to another origin, the answer is not from the API.
    if (response.redirected && !response.url.startsWith(`${call.listed.origin}/`)) return response
    const challenges = await ports.readChallenges(response.headers.get('www-authenticate'))
    const stepUp = stepUpOf(response.status, challenges, call.listed, token.scope)
    if (stepUp && !ports.isAnswered(stepUp)) {
      discard(response)
      const { message, ...request } = stepUp
      throw new AuthError('step_up_required', message, {
        status: response.status,
        hint: 'In a click: auth.signIn(error.request).',
        request: {
          ...request,
          url: call.listed.origin + call.listed.path,
          sameUser: true,
          returnTo: ports.href(),
        },
      })
    }
    return response.status === 401 && !stepUp && isTokenRefusal(challenges)
      ? repair(call, response, token)
      : response
  }

  const authorized: typeof fetch = async (...parameters) => {
    // The arguments are read before the first wait, and a call that is refused or aborted rejects
    // in the same turn.
    const call = readCall(ports.resources, ports.base, parameters)
    try {
      call.request.signal.throwIfAborted()
      const token = ports.usable(call.listed) ?? (await waitForToken(ports, call))
      const owned = { ...call, owner: ports.owner() }
      return await heed(owned, await send(owned, call.request, token), token)
    } catch (error) {
      // Cancels a stream, which also tells its source, as fetch does: even if nothing was sent.
      call.request.body?.cancel(error).catch(() => {})
      throw error
    }
  }
  // Instrumentation looks at these, and bundlers change the names of functions.
  return Object.defineProperties(authorized, { name: { value: 'fetch' }, length: { value: 1 } })
}

async function waitForToken(ports: AuthorizedFetchPorts, call: Call): Promise<ResourceToken> {
  if (call.keepalive) {
    const token = ports.atHand(call.listed)
    if (token) return token
    throw new AuthError(
      'session_expired',
      'No valid access token is at hand, and a keepalive request does not wait for one.',
    )
  }
  const { signal } = call.request
  return abortable(signal, ports.token(call.listed, undefined, false, signal))
}

/**
 * Cancels a body, because one that is not read keeps its connection. Does not wait for the end,
 * which never comes while a clone is not read.
 */
function discard({ body }: Response): void {
  body?.cancel().catch(() => {})
}

/** Whether a 401 may be about the token: it says so, or says nothing that a page may read. */
function isTokenRefusal(challenges: readonly Challenge[]): boolean {
  const ours = challenges.filter(({ scheme }) => /^(bearer|dpop)$/.test(scheme))
  // One of several challenges may have no error, and only offer another scheme.
  const errors = ours.flatMap(({ parameters }) => parameters.error ?? [])
  if (errors.length > 0) return errors.includes('invalid_token')
  return ours.length > 0 || challenges.length === 0
}
