import { AuthError } from '../errors.js'
import { requestTokens } from '../protocol/request-tokens.js'
import { discard, tokenRecord } from './complete-sign-in.js'
import type { Current, SessionContext } from './context.js'
import { loadSession } from './load-session.js'
import { PACE, SESSION, type SessionRecord, type TokenRecord, tokenParameters } from './records.js'

/** When renewals may be tried again, for all tabs together. */
interface Pace {
  readonly failures: number
  readonly notBefore: number
  /** When renewals succeeded, within the last minute. */
  readonly recent: readonly number[]
}

const SECOND = 1_000
const MINUTE = 60 * SECOND
const MOST_PER_MINUTE = 5
const LONGEST_BACKOFF = 5 * MINUTE

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
  return context.lock(async () => {
    const session = await loadSession(context)
    if (!session) throw new AuthError('signed_out', 'The session was ended in another tab.')
    const known = session.record.tokens[key]
    if (known && known.accessToken !== stale && isUsable(known)) {
      context.hold(session)
      return known
    }
    if (!session.record.refreshToken) return undefined
    await keepPace(context)
    let renewed: SessionRecord
    try {
      renewed = await refresh(context, session.record, key)
    } catch (error) {
      return afterFailure(context, session, error as AuthError)
    }
    await setPace(context, ({ recent }) => ({
      failures: 0,
      notBefore: Date.now() + SECOND,
      recent: [...recent, Date.now()],
    }))
    if (await replace(context, renewed, session.version)) return renewed.tokens[key]
    discard(context, renewed)
    throw new AuthError('signed_out', 'The session was ended while it was renewed.')
  })
}

/** Whether a token may be sent: not run out, and not received in what now is the future. */
export function isUsable({ receivedAt, expiresAt }: TokenRecord): boolean {
  const now = Date.now()
  if (expiresAt === null) return true
  const margin = Math.min(5 * SECOND, (expiresAt - receivedAt) / 10)
  return now < expiresAt - margin && now > receivedAt - MINUTE
}

async function refresh(
  context: SessionContext,
  record: SessionRecord,
  key: string,
): Promise<SessionRecord> {
  const { metadata, claims, idToken, refreshToken = '' } = record
  const { clientId, transport } = context
  const tokens = await requestTokens(
    { metadata, clientId, transport, keys: context.keysOf(metadata) },
    { ...tokenParameters(key), grant_type: 'refresh_token', refresh_token: refreshToken },
    false,
    { original: claims },
  )
  return {
    ...record,
    claims: tokens.claims ?? claims,
    idToken: tokens.idToken ?? idToken,
    refreshToken: tokens.refreshToken ?? refreshToken,
    tokens: { ...record.tokens, [key]: tokenRecord(tokens, record.tokens[key]?.scope ?? []) },
  }
}

/** Holds what became of a session, and stores it; `false` where it is no longer the stored one. */
async function replace(
  context: SessionContext,
  record: SessionRecord,
  version: string | undefined,
): Promise<boolean> {
  let stored: string | undefined
  if (version) {
    try {
      const { sessions } = await context.stores()
      const isSame = (all: Map<string, unknown>) =>
        (all.get(SESSION) as { version?: string } | undefined)?.version === version
      stored = await sessions.put(SESSION, record, isSame)
      if (!stored) return false
    } catch (error) {
      context.warn(error as AuthError)
    }
  }
  if (!context.current()) return false
  context.hold({ record, version: stored })
  return true
}

async function afterFailure(
  context: SessionContext,
  session: Current,
  error: AuthError,
): Promise<undefined> {
  const { code, message, providerError = '', providerErrorDescription } = error
  const refused = code === 'token_request_refused'
  if (/^(id_token_invalid|user_mismatch)$/.test(code) || providerError === 'invalid_grant') {
    throw new AuthError('session_expired', `The provider ended the session: ${message}`, {
      providerError,
      providerErrorDescription,
    })
  }
  if (refused && /(_client|_grant_type|access_denied)$/.test(providerError)) {
    // This provider takes no refresh from a public client, as CyberArk: the session goes on.
    await replace(context, { ...session.record, refreshToken: undefined }, session.version)
    return undefined
  }
  await setPace(context, ({ failures, recent }) => {
    const ceiling = Math.min(2 * SECOND * 2 ** failures, LONGEST_BACKOFF)
    const wait = Math.max(error.retryAfter ?? 0, SECOND + ceiling * Math.random())
    return {
      failures: Math.min(failures + 1, 10),
      notBefore: Date.now() + Math.min(wait, LONGEST_BACKOFF),
      recent,
    }
  })
  throw error
}

/** Waits for a moment, or refuses where it would be longer. */
async function keepPace(context: SessionContext): Promise<void> {
  const { notBefore, recent } = await readPace(context)
  const now = Date.now()
  const wait = Math.max(
    // A clock that jumped back must not keep the session waiting.
    notBefore - now <= LONGEST_BACKOFF ? notBefore - now : 0,
    recent.length >= MOST_PER_MINUTE ? (recent[0] as number) + MINUTE - now : 0,
  )
  if (wait > SECOND) {
    throw new AuthError('provider_unavailable', 'The last renewals failed, or came too often.', {
      retryable: true,
      retryAfter: wait,
    })
  }
  if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
}

async function readPace(context: SessionContext): Promise<Pace> {
  const { sessions } = await context.stores()
  const pace = await sessions.records((all) => all.get(PACE) as Pace | undefined).catch(() => {})
  const { failures = 0, notBefore = 0, recent = [] } = pace ?? {}
  const now = Date.now()
  return { failures, notBefore, recent: recent.filter((at) => at <= now && now - at < MINUTE) }
}

async function setPace(context: SessionContext, change: (pace: Pace) => Pace): Promise<void> {
  const pace = change(await readPace(context))
  const { sessions } = await context.stores()
  await sessions.records((all) => void all.set(PACE, pace)).catch(() => {})
}
