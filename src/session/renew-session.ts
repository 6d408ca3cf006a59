import { AuthError } from '../errors.js'
import { refreshTokens } from '../protocol/refresh-tokens.js'
import type { TokenSet } from '../protocol/request-tokens.js'
import { discard, tokenRecord } from './complete-sign-in.js'
import type { Current, SessionContext } from './context.js'
import { type SessionRecord, type TokenRecord, readSessionRecord, tokenParameters } from './records.js'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const MOST_PER_MINUTE = 5
const FIRST_BACKOFF = 2 * SECOND
const LONGEST_BACKOFF = 5 * MINUTE

/** OAuth errors by which a provider says that this client may not refresh at all. */
const REFUSALS = ['invalid_client', 'unauthorized_client', 'unsupported_grant_type', 'access_denied']

/**
 * Gets a new access token by the refresh token, one request at a time over all tabs: waits for the
 * lock, reads the session again, and takes over what another tab renewed in the meantime. The
 * rotated refresh token is stored before the access token is given out. The session is held, to be
 * shown when the lock is free again.
 *
 * @param key what the token is for, see {@link tokenKey}
 * @param stale the token that is not wanted any more
 * @returns the new token, or `undefined` when only the user can renew it
 * @throws {AuthError} `signed_out`, `session_expired`, `network`, `timeout`,
 *   `provider_unavailable`, `token_request_refused`, `token_response_invalid`
 */
export function renewToken(
  context: SessionContext,
  key: string,
  stale: string | undefined,
): Promise<TokenRecord | undefined> {
  return context.renewalLock(async () => {
    const session = await readAgain(context)
    const known = session.record.tokens[key]
    if (known && known.accessToken !== stale && isUsable(known, context.now())) {
      context.hold(session)
      return known
    }
    const { refreshToken } = session.record
    if (refreshToken === null) return undefined
    await assertPace(context)
    try {
      const tokens = await refresh(context, session.record, refreshToken, key)
      await context.storage.setPace(afterSuccess(await context.storage.pace(), context.now()))
      return await keepRenewed(context, session, tokens, key)
    } catch (error) {
      return afterFailure(context, session, error as AuthError)
    }
  })
}

/** Whether a token may be sent: not run out, and not received in what now is the future. */
export function isUsable(token: TokenRecord, now: number): boolean {
  const { receivedAt, expiresAt } = token
  if (expiresAt === null) return true
  const margin = Math.min(5 * SECOND, (expiresAt - receivedAt) / 10)
  return now < expiresAt - margin && now > receivedAt - MINUTE
}

async function readAgain(context: SessionContext): Promise<Current> {
  const known = context.current()
  const stored = await context.storage.load().catch((error) => {
    context.warn(error)
    return 'cleared' as const
  })
  if (typeof stored === 'object') {
    const record = readSessionRecord(stored.content, context.clientId)
    if (record) return { record, version: stored.version }
  }
  if (stored === 'cleared' && known) return { record: known.record, version: null }
  throw new AuthError('signed_out', 'The session was ended in another tab.')
}

async function assertPace(context: SessionContext): Promise<void> {
  const now = context.now()
  const { notBefore, recent } = await context.storage.pace()
  const lately = recent.filter((time) => time <= now && now - time < MINUTE)
  const wait = Math.max(
    // A clock that jumped back must not keep the session waiting.
    notBefore - now <= LONGEST_BACKOFF ? notBefore - now : 0,
    lately.length >= MOST_PER_MINUTE ? (lately[0] as number) + MINUTE - now : 0,
  )
  if (wait <= SECOND) {
    return new Promise((resolve) => {
      context.schedule(Math.max(wait, 0), resolve)
    })
  }
  throw new AuthError(
    'provider_unavailable',
    `The last renewals failed or came too often; the next one is due in ${Math.ceil(wait / SECOND)} s.`,
    { retryable: true, retryAfter: wait },
  )
}

function refresh(
  context: SessionContext,
  record: SessionRecord,
  refreshToken: string,
  key: string,
): Promise<TokenSet> {
  const { metadata, claims } = record
  const endpoint = {
    metadata,
    clientId: context.clientId,
    transport: context.transport,
    keys: context.keysOf(metadata),
  }
  return refreshTokens(endpoint, refreshToken, claims, tokenParameters(key))
}

async function keepRenewed(
  context: SessionContext,
  { record, version }: Current,
  tokens: TokenSet,
  key: string,
): Promise<TokenRecord> {
  const token = tokenRecord(tokens, record.tokens[key]?.scope ?? [])
  const renewed: SessionRecord = {
    ...record,
    claims: tokens.claims ?? record.claims,
    idToken: tokens.idToken ?? record.idToken,
    refreshToken: tokens.refreshToken ?? record.refreshToken,
    tokens: { ...record.tokens, [key]: token },
  }
  const stored = await replace(context, renewed, version)
  if (stored === 'outdated' || !context.current()) {
    discard(context, renewed)
    throw new AuthError('signed_out', 'The session was ended while it was renewed.')
  }
  context.hold({ record: renewed, version: stored })
  return token
}

async function afterFailure(
  context: SessionContext,
  session: Current,
  error: AuthError,
): Promise<undefined> {
  const { code, providerError = '' } = error
  if (code === 'signed_out') throw error
  if (code === 'token_request_refused' && REFUSALS.includes(providerError)) {
    await forgetRefreshToken(context, session)
    return undefined
  }
  const final =
    (code === 'token_request_refused' && providerError === 'invalid_grant') ||
    code === 'id_token_invalid' ||
    code === 'user_mismatch'
  if (final) {
    if (context.hasRefreshAlternative && code === 'token_request_refused') {
      await forgetRefreshToken(context, session)
      return undefined
    }
    throw new AuthError('session_expired', `The provider ended the session: ${error.message}`, {
      providerError: error.providerError,
      providerErrorDescription: error.providerErrorDescription,
    })
  }
  await context.storage.setPace(
    afterDelay(await context.storage.pace(), context.now(), context.random(), error.retryAfter),
  )
  throw error
}

/** The provider takes no refresh from a public client, as CyberArk does: the session goes on. */
async function forgetRefreshToken(context: SessionContext, session: Current): Promise<void> {
  const record = { ...session.record, refreshToken: null }
  const version = await replace(context, record, session.version)
  if (version !== 'outdated') context.hold({ record, version })
}

/** Stores what became of a session; `null` where it is only in memory. */
async function replace(
  context: SessionContext,
  record: SessionRecord,
  version: string | null,
): Promise<string | null> {
  if (version === null) return null
  try {
    return (await context.storage.replace(record, version)) ?? 'outdated'
  } catch (error) {
    context.warn(error)
    return null
  }
}

type Pace = Awaited<ReturnType<SessionContext['storage']['pace']>>

function afterSuccess({ recent }: Pace, now: number): Pace {
  const lately = recent.filter((time) => time <= now && now - time < MINUTE)
  return { failures: 0, notBefore: now + SECOND, recent: [...lately, now] }
}

function afterDelay(pace: Pace, now: number, chance: number, retryAfter = 0): Pace {
  const ceiling = Math.min(FIRST_BACKOFF * 2 ** pace.failures, LONGEST_BACKOFF)
  const wait = Math.min(Math.max(retryAfter, SECOND + ceiling * chance), LONGEST_BACKOFF)
  return { ...pace, failures: Math.min(pace.failures + 1, 30), notBefore: now + wait }
}
