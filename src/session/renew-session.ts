import { AuthError } from '../errors.js'
import { requestTokens } from '../protocol/request-tokens.js'
import type { Current, SessionContext } from './context.js'
import { endRefused } from './end-refused.js'
import { isStill } from './is-still.js'
import { loadSession, storeSession } from './keep-session.js'
import {
  EPOCH,
  mainKey,
  PACE,
  SESSION,
  type SessionRecord,
  type TokenRecord,
  tokenParameters,
} from './records.js'

/** When renewals may be tried again, for all tabs together; times since the epoch. */
interface Pace {
  readonly failures: number
  /** How many times in a row the refresh token was refused without a reason. */
  readonly refusals: number
  /** After a failure, whatever the token is for. */
  readonly notBefore: number
  /** After a success, by what the token is for: a page may need any number of them at once. */
  readonly renewed: { readonly [key: string]: { readonly at: number; readonly notBefore: number } }
}

const SECOND = 1_000
const MINUTE = 60 * SECOND
const LONGEST_WAIT = 5 * MINUTE
/** How many refusals without a reason are tolerated in a row; with the waits, that takes some seconds. */
const MOST_REFUSALS = 3
/**
 * Errors of a token endpoint that stay the same however often it is asked (RFC 6749 §5.2, RFC 8707 §2,
 * OpenID Connect Core §3.1.2.6).
 */
const FINAL =
  /^(invalid_(client|request|scope|target)|unauthorized_client|unsupported_grant_type|access_denied|\w+_required)$/

/**
 * Gets a new access token by the refresh token, one request at a time over all tabs. It waits for the
 * lock, reads the session again, and takes over what another tab has renewed in the meantime. The
 * rotated refresh token is stored before the access token is given out. The session is held, to be
 * shown when the lock is free again.
 *
 * @param key what the token is for, see {@link tokenKey}
 * @param stale the token to replace
 * @returns the new token, or `undefined` when only the user can renew it
 * @throws {AuthError} `signed_out`, `session_expired`, `network`, `timeout`,
 *   `provider_unavailable`, `token_request_refused`, `token_response_invalid`
 */
export function renewToken(
  context: SessionContext,
  key: string,
  stale: string | undefined,
): Promise<TokenRecord | undefined> {
  return context.lock(async () => {
    const session = await loadSession(context)
    if (!session) throw new AuthError('signed_out', 'The session was ended in another tab.')
    const known = session.tokens[key]
    if (known && known.accessToken !== stale && context.isUsable(known)) {
      context.hold(session)
      return known
    }
    const { refreshToken } = session
    if (!refreshToken && !context.signInSilently) return undefined
    const wait = await keepPace(context, key)
    if (!refreshToken) return wait ? undefined : renewSilently(context, session, key)
    if (wait) {
      throw new AuthError('provider_unavailable', 'The last renewals failed, or came too often.', {
        retryable: true,
        retryAfter: wait,
      })
    }
    // Only now that a request is made: an app that asks for a token at every change of state would
    // otherwise loop.
    context.dispatch({ type: 'renewing' })
    try {
      const renewed = await refresh(context, session, key)
      // Before anything else: if the tab dies first, the rotated refresh token is lost.
      await replace(context, session, renewed)
      // The first token for a resource is no renewal.
      if (known) await setPace(context, afterSuccess(key))
      return renewed.tokens[key]
    } catch (error) {
      return afterFailure(context, session, error as AuthError, key)
    }
  })
}

/** Renews by a silent sign-in, if the app gave a way to. */
async function renewSilently(
  context: SessionContext,
  session: Current,
  key: string,
): Promise<TokenRecord | undefined> {
  context.hold(session)
  context.dispatch({ type: 'renewing' })
  try {
    await context.signInSilently?.(key)
    if (session.tokens[key]) await setPace(context, afterSuccess(key))
    return context.current()?.tokens[key]
  } catch (error) {
    await setPace(context, afterDelay())
    // The provider wants to see the user, knows another user, or refused the frame. None of these ends
    // the session, and the app should see each.
    const wanted = /^(interaction_required|timeout|user_mismatch|authorization_error)$/
    if (!wanted.test((error as AuthError).code)) throw error
    if (context.current()) context.dispatch({ type: 'returned', error: error as AuthError })
    return undefined
  }
}

async function refresh(
  context: SessionContext,
  session: Current,
  key: string,
): Promise<SessionRecord> {
  const { metadata, refreshToken = '', claims: original } = session
  const known = session.tokens[key]
  const grant = { grant_type: 'refresh_token', refresh_token: refreshToken }
  const {
    claims,
    idToken,
    refreshToken: rotated,
    ...token
  } = await requestTokens(
    { ...context, metadata, keys: context.keysOf(metadata) },
    { ...tokenParameters(key), ...grant },
    known?.scope ?? [],
    { original },
    async (next) => {
      if (next) await replace(context, session, { ...session, refreshToken: next })
    },
  )
  // A renewal cannot grant more than the user did (RFC 6749 §6).
  const granted = new Set(known?.scope ?? token.scope)
  const scope = token.scope.filter((word) => granted.has(word))
  // If the answer names none, they are as before.
  const authorizationDetails = token.authorizationDetails.length
    ? token.authorizationDetails
    : (known?.authorizationDetails ?? [])
  return {
    ...session,
    claims: claims ?? original,
    idToken: idToken ?? session.idToken,
    refreshToken: rotated ?? refreshToken,
    tokens: { ...session.tokens, [key]: { ...token, scope, authorizationDetails } },
  }
}

/** Stores the next version of a session, unless the stored one is another by now. */
function replace(context: SessionContext, before: Current, record: SessionRecord): Promise<void> {
  return storeSession(context, record, isStill(context, before), before)
}

async function afterFailure(
  context: SessionContext,
  session: Current,
  error: AuthError,
  key: string,
): Promise<TokenRecord | undefined> {
  const { code, providerError = '', providerErrorDescription } = error
  if (code === 'signed_out') throw error
  const refused = code === 'token_request_refused'
  const ended = refused && providerError === 'invalid_grant'
  if (code === 'id_token_invalid' || (ended && !context.signInSilently)) {
    // Not a session that came later: the user may have signed out and in again.
    await endRefused(context, isStill(context, session))
    throw new AuthError('session_expired', `The provider ended the session: ${error.message}`, {
      providerError,
      providerErrorDescription,
    })
  }
  const isOwn = key === mainKey(session)
  const isFinal = ended || (refused && FINAL.test(providerError))
  // A bare status may come from a proxy, which has no say in this, and some errors are in no standard.
  // If it comes again and again, it is the answer of a provider that gives no reasons, such as Glewlwyd.
  const isUnclear = refused && !isFinal && isOwn
  const isRepeated = isUnclear && (await readPace(context)).refusals >= MOST_REFUSALS
  if (!isFinal && !isRepeated) {
    await setPace(context, afterDelay(error.retryAfter, isUnclear))
    // If there is another way, it is taken at once; the refresh token stays.
    if (isUnclear && context.signInSilently) return renewSilently(context, session, key)
    // It will be tried again, so the error says so.
    throw new AuthError(code, error.message, { ...error, retryable: true })
  }
  // A refusal for one resource is for the user to mend; the other tokens are renewed as before.
  if (ended || isOwn || /_(client|type)$/.test(providerError)) {
    // The provider accepts no refresh from a public client, like CyberArk, or does not know this client
    // any more: the session lasts as long as its access token.
    await replace(context, session, { ...session, refreshToken: undefined })
  } else await setPace(context, afterDelay())
  const current = context.current() ?? session
  return context.signInSilently ? renewSilently(context, current, key) : undefined
}

function afterSuccess(key: string): (pace: Pace) => Pace {
  return ({ renewed }) => {
    const at = Date.now()
    // At most five a minute, however often the app asks.
    const wait = at - (renewed[key]?.at ?? 0) < MINUTE / 4 ? MINUTE / 4 : SECOND
    return { ...NO_PACE, renewed: { ...renewed, [key]: { at, notBefore: at + wait } } }
  }
}

function afterDelay(retryAfter = 0, isRefused = false): (pace: Pace) => Pace {
  return ({ failures, refusals, renewed }) => {
    const backoff = SECOND + Math.random() * SECOND * 2 ** failures
    const wait = Math.min(Math.max(retryAfter, backoff), LONGEST_WAIT)
    return {
      failures: Math.min(failures + 1, 6),
      refusals: isRefused ? refusals + 1 : 0,
      notBefore: Date.now() + wait,
      renewed,
    }
  }
}

/** Waits if it is only for a moment; returns how long it would be otherwise, in milliseconds. */
async function keepPace(context: SessionContext, key: string): Promise<number> {
  const { notBefore, renewed } = await readPace(context)
  const waits = [notBefore, renewed[key]?.notBefore ?? 0].map((time) => time - Date.now())
  // A clock that jumped back must not keep the session waiting.
  const wait = Math.max(0, ...waits.filter((each) => each <= LONGEST_WAIT))
  if (wait > SECOND) return wait
  if (wait) await new Promise((resolve) => setTimeout(resolve, wait))
  return 0
}

const NO_PACE: Pace = { failures: 0, refusals: 0, notBefore: 0, renewed: {} }
const paceOf = (all: Map<string, unknown>): Pace => {
  const kept = Object(all.get(PACE))
  return { ...NO_PACE, ...kept, renewed: Object(kept.renewed) }
}

const readPace = ({ store }: SessionContext) => store.records(paceOf).catch(() => NO_PACE)

/** Does nothing if the user has signed out meanwhile: a sign-out leaves a count, and nothing else. */
const setPace = async ({ store, current }: SessionContext, change: (pace: Pace) => Pace) => {
  const isOver = (all: Map<string, unknown>) =>
    current()?.version ? all.has(EPOCH) && !all.has(SESSION) : !current()
  await store.records((all) => isOver(all) || all.set(PACE, change(paceOf(all)))).catch(() => {})
}
