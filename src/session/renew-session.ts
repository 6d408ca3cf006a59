import { AuthError, signedOut } from '../errors.js'
import type { Current, SessionContext } from './context.js'
import { endRefused } from './end-refused.js'
import { isStill } from './is-still.js'
import {
  afterDelay,
  afterRefusal,
  afterSuccess,
  readPace,
  setPace,
  waitForPace,
} from './keep-pace.js'
import { loadSession } from './keep-session.js'
import { reachProvider } from './reach-provider.js'
import { mainKey, type TokenRecord } from './records.js'
import { redeemRefreshToken, replaceSession } from './redeem-refresh-token.js'

/**
 * How often to look whether a page has renewed that shares no lock with this one, in milliseconds, and how
 * many times: a database that can be read only in part may never tell.
 */
const INTERVAL = 250
const MOST_LOOKS = 20
/** How many refusals without a reason are tolerated in a row; with the waits, that takes some seconds. */
const MOST_REFUSALS = 3
/**
 * Errors of a token endpoint that stay the same however often it is asked (RFC 6749 §5.2, RFC 8707 §2,
 * OpenID Connect Core §3.1.2.6).
 */
const FINAL =
  /^(invalid_(client|request|scope|target)|unauthorized_client|unsupported_grant_type|access_denied|\w+_required)$/

interface RenewalContext extends SessionContext {
  /** Holds a session that has a new token already, which is no news for the other tabs. */
  readonly takeOver: (session: Current) => void
}

/** Refusals of a silent sign-in that say nothing about the tokens for other resources. */
const OF_ONE = /^(consent_required|access_denied|invalid_(target|scope))$/

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
 *   `provider_unavailable`, `token_request_refused`, `token_response_invalid`, `discovery_invalid`,
 *   `dpop`, and those of a silent sign-in
 */
export function renewToken(
  context: RenewalContext,
  key: string,
  stale: string | undefined,
): Promise<TokenRecord | undefined> {
  return context.lock(() => renewInTurn(context, key, stale, 1))
}

/** Renews under the lock. Another page may do so all the same, see `claim-renewal.ts`: then it looks again. */
async function renewInTurn(
  context: RenewalContext,
  key: string,
  stale: string | undefined,
  looks: number,
): Promise<TokenRecord | undefined> {
  const since = context.ended()
  let session = await loadSession(context)
  if (!session) throw new AuthError('signed_out', 'The session was ended in another tab.')
  const known = session.tokens[key]
  if (known && known.accessToken !== stale && context.isUsable(known)) {
    context.takeOver(session)
    return known
  }
  const { refreshToken } = session
  if (!refreshToken && !context.signInSilently) return undefined
  // A sign-out does not wait for the pause to end.
  const pace = await context.untilSignedOut(waitForPace(context, key, refreshToken))
  if (!pace) return undefined
  // What it revokes is not sent any more, nor does a client that was closed send anything.
  if (context.ended() !== since || !context.current()) throw signedOut()
  if (!refreshToken) return renewSilently(context, session, key)
  // Only now that a request is made: an app that asks for a token at every change of state would
  // otherwise loop.
  context.dispatch({ type: 'renewing' })
  // Whoever was told of that may have signed out.
  if (context.ended() !== since) throw signedOut()
  const endWatch = context.watchLeaving()
  try {
    // A sign-out does not wait for the answer, which may have a refresh token to revoke.
    const token = await context.untilSignedOut(
      redeemRefreshToken(context, session, pace, key, looks < MOST_LOOKS, (next) => {
        session = next
      }),
    )
    // The first token for a resource is no renewal.
    if (token && known) await setPace(context, (pace) => afterSuccess(key, pace))
    if (token) return token
  } catch (error) {
    // Firefox and WebKit abort the requests of a page as soon as it begins to leave. The page that comes
    // need not wait for that: the network is as it was.
    if (endWatch() && (error as AuthError).code === 'network') throw error
    return afterFailure(context, session, error as AuthError, key)
  } finally {
    endWatch()
  }
  await context.untilSignedOut(new Promise((resolve) => setTimeout(resolve, INTERVAL)))
  return renewInTurn(context, key, stale, looks + 1)
}

/** Renews by a silent sign-in, if the app gave a way to. */
async function renewSilently(
  context: SessionContext,
  session: Current,
  key: string,
): Promise<TokenRecord | undefined> {
  // Completing a sign-in forgets it.
  const before = await readPace(context)
  context.hold(session)
  context.dispatch({ type: 'renewing' })
  const isOfOne = ({ providerError = '' }: AuthError) =>
    key !== mainKey(session) && OF_ONE.test(providerError)
  // A frame that has no answer cannot tell a network that is down from a provider that refuses frames.
  // With no wait between this and the sign-in: a sign-out meanwhile must not be undone.
  const signedIn = reachProvider(context, session).then(() => context.signInSilently?.(key))
  const endWatch = context.watchLeaving()
  const failure = await signedIn
    .catch(async (error: AuthError) => {
      if (isOfOne(error)) return error
      // See `renewInTurn` for a page that is left.
      if (!endWatch() || error.code !== 'network') await setPace(context, afterDelay)
      throw error
    })
    .finally(endWatch)
  if (!failure) {
    // A refresh token that was refused, and is there still, is no better for that.
    const isSame = context.current()?.refreshToken === session.refreshToken
    const refusals = isSame ? before.refusals : 0
    if (session.tokens[key]) {
      await setPace(context, () => ({ ...afterSuccess(key, before), refusals }))
    }
    return context.current()?.tokens[key]
  }
  await setPace(context, (pace) =>
    isOfOne(failure) ? afterRefusal(key, pace) : { ...afterDelay(pace), wantsUser: true },
  )
  // It does not end the session, and the app should see it.
  const warning = context.warning()
  if (context.current()) context.dispatch({ type: 'returned', error: failure, warning })
  return undefined
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
  if (code === 'id_token_invalid' || (ended && !context.signInSilently && !session.isOlder)) {
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
    await setPace(context, (pace) => afterDelay(pace, error.retryAfter, isUnclear))
    // If there is another way, it is taken at once; the refresh token stays.
    if (isUnclear && context.signInSilently) return renewSilently(context, session, key)
    // It will be tried again, so the error says so.
    throw new AuthError(code, error.message, { ...error, retryable: true })
  }
  await keepOthers(context, session, providerError, key)
  const current = context.current() ?? session
  return context.signInSilently ? renewSilently(context, current, key) : undefined
}

/** After a refusal that trying again would not change, keeps what it says nothing about. */
async function keepOthers(
  context: SessionContext,
  session: Current,
  providerError: string,
  key: string,
): Promise<void> {
  const { [key]: _, ...others } = session.tokens
  const isOwn = key === mainKey(session)
  // The first resource may be gone, as after a deployment, and another one be what the app needs now.
  const isGone = isOwn && providerError === 'invalid_target' && Object.keys(others).length > 0
  if (isGone) await replaceSession(context, session, { ...session, tokens: others })
  if (!isGone && (isOwn || /_(client|type|grant)$/.test(providerError))) {
    // The provider accepts no refresh from a public client, like CyberArk, or does not know this client
    // any more, or has ended an earlier sign-in only: the session lasts as long as its access token.
    return void (await replaceSession(context, session, { ...session, refreshToken: undefined }))
  }
  // A refusal for one resource is for the user to mend; the other tokens are renewed as before.
  await setPace(context, (pace) => afterRefusal(key, pace))
}
