import { AuthError } from '../errors.js'
import type { TokenBinding } from '../types/capabilities.js'
import { abortable } from './abortable.js'
import type { ListedResource } from './match-resource.js'
import { type Call, readCall } from './read-call.js'
import { type Challenge, type StepUp, stepUpOf } from './step-up.js'

/** An access token and how to present it. */
export interface ResourceToken {
  readonly accessToken: string
  readonly tokenType: string
  readonly scope: readonly string[]
}

/** Where tokens come from, and what a resource's challenges mean. */
export interface AuthorizedFetchPorts {
  readonly resources: readonly ListedResource[]
  /** The current native `fetch`. */
  readonly fetch: () => typeof fetch
  /** The address of the page, to come back to. */
  readonly href: () => string
  /** What the browser takes relative URLs to be relative to. */
  readonly base: () => string
  /** A token that can be sent as it is. */
  readonly usable: (listed: ListedResource) => ResourceToken | undefined
  /** A token, renewed if need be; `stale` names one that the API refused. */
  readonly token: (listed: ListedResource, stale?: string) => Promise<ResourceToken>
  /** Whose tokens these are now. */
  readonly owner: () => unknown
  readonly binding: TokenBinding | undefined
  readonly readChallenges: (header: string | null) => Promise<readonly Challenge[]>
  /** Whether a sign-in has answered a challenge before. */
  readonly isAnswered: (stepUp: StepUp) => boolean
}

declare global {
  interface Request {
    /** Local Network Access, of Chromium so far. */
    readonly targetAddressSpace?: string
  }
}

/** How long an API that refuses even a new token causes no further renewal, by a clock that nobody sets. */
const BREAKER = 5 * 60_000

/** A call, and who makes it, once there is a token. */
interface OwnedCall extends Call {
  readonly owner: unknown
}

/**
 * Makes the `fetch` that adds access tokens: to listed resources alone, in the header alone. A 401
 * that a new token may mend is tried again once; a challenge for more becomes `step_up_required`.
 */
export function createAuthorizedFetch(ports: AuthorizedFetchPorts): typeof fetch {
  const refusedUntil = new Map<string, number>()

  const send = (
    call: Call,
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
    const isReload =
      isResent && isRead && /^(default|no-cache|force-cache)$/.test(cache) && !isByServiceWorker()
    // Setting one member resets the referrer (Fetch §5.4, step 12), Firefox 153 forgets the keepalive
    // of a Request, and Chromium 156 its address space: they go along. Without a prototype: whatever
    // is on Object.prototype, such as `headers`, would count as a member and take the token off.
    const init = Object.assign(Object.create(null), {
      redirect: redirect === 'follow' && !follows ? 'error' : redirect,
      // With keepalive, Firefox 153 would name the address that the page was loaded with: that of a
      // callback, with the code.
      referrer: call.keepalive && referrer === 'about:client' ? ports.href() : referrer,
      referrerPolicy,
      keepalive: call.keepalive,
      targetAddressSpace,
      // Firefox 153 holds the entry of the cache until the refused body ends, and by "force-cache" would
      // give the refusal itself once more.
      ...(isReload && { cache: 'reload' }),
    })
    try {
      return await ports.fetch()(request, init)
    } catch (error) {
      // WebKit, and with keepalive Firefox 153, have a reason of their own.
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
      // Whoever gives up may give an error of ours as the reason.
      call.request.signal.throwIfAborted()
      if (error instanceof AuthError) return undefined
      throw error
    })
    // What one user asked for is not done as another.
    if (!renewed || renewed.accessToken === token.accessToken || ports.owner() !== call.owner) {
      return refused
    }
    discard(refused)
    // With a proof it may have to be sent once more.
    const next = ports.binding ? call.copy.clone() : call.copy
    const response = await send(call, next, renewed, true)
    if (response.status === 401) refusedUntil.set(origin, performance.now() + BREAKER)
    else refusedUntil.delete(origin)
    return heed({ ...call, copy: undefined }, response, renewed)
  }

  const heed = async (
    call: OwnedCall,
    response: Response,
    token: ResourceToken,
  ): Promise<Response> => {
    if (response.status !== 401 && response.status !== 403) return response
    // Where a redirect has led to another origin, it is not the API that answers.
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
    // Everything of the caller's is read before the first wait, and what is refused or aborted
    // rejects in the same turn.
    const call = readCall(ports.resources, ports.base, parameters)
    try {
      call.request.signal.throwIfAborted()
      const token = ports.usable(call.listed) ?? (await waitForToken(ports, call))
      const owned = { ...call, owner: ports.owner() }
      return await heed(owned, await send(call, call.request, token), token)
    } catch (error) {
      // A stream is not read any further, and its source is told as fetch would tell it: also where
      // nothing was sent yet.
      call.request.body?.cancel(error).catch(() => {})
      throw error
    }
  }
  // What instrumentation looks at, whatever a bundler makes of the names.
  return Object.defineProperties(authorized, { name: { value: 'fetch' }, length: { value: 1 } })
}

function waitForToken(ports: AuthorizedFetchPorts, call: Call): Promise<ResourceToken> {
  if (call.keepalive) {
    throw new AuthError(
      'session_expired',
      'No valid access token is at hand, and a keepalive request does not wait for one.',
    )
  }
  return abortable(call.request.signal, ports.token(call.listed))
}

/**
 * Whether requests of this page go by way of a service worker. WebKit counts the headers of a reload as
 * the page's own there, and the API need not allow them: https://github.com/configcat/node-sdk/issues/5
 */
function isByServiceWorker(): boolean {
  try {
    return !!globalThis.navigator?.serviceWorker?.controller
  } catch {
    // A page in a sandbox may not even ask, in Chromium.
    return false
  }
}

/** Unread, a body keeps its connection. Not waited for: of an unread clone the end never comes. */
function discard({ body }: Response): void {
  body?.cancel().catch(() => {})
}

/** Whether a 401 may be about the token: it says so, or says nothing that we may read. */
function isTokenRefusal(challenges: readonly Challenge[]): boolean {
  const ours = challenges.filter(({ scheme }) => /^(bearer|dpop)$/.test(scheme))
  // One of several may name no error and only say what else would be taken.
  const errors = ours.flatMap(({ parameters }) => parameters.error ?? [])
  if (errors.length > 0) return errors.includes('invalid_token')
  return ours.length > 0 || challenges.length === 0
}
