import type { TokenSet } from '../protocol/request-tokens.js'
import type { Current, SessionContext } from './context.js'
import { loadSession, storeSession } from './keep-session.js'
import {
  epochOf,
  paceName,
  SESSION,
  SESSION_ID,
  type SessionRecord,
  type TransactionRecord,
  versionOf,
} from './records.js'

/**
 * Keeps verified tokens as the session.
 *
 * @throws {AuthError} `signed_out` if a sign-out came after `epoch`, or if they continue a session and
 *   another user has signed in by now
 */
export async function keepTokens(
  context: SessionContext,
  signIn: Pick<
    TransactionRecord,
    'clientId' | 'metadata' | 'answered' | 'sessionId' | 'carriesOn' | 'tokenKey'
  >,
  tokenSet: TokenSet,
  times: Pick<SessionRecord, 'epoch' | 'begunAt'>,
  before: Current | undefined,
): Promise<void> {
  const { clientId, metadata, answered, sessionId, carriesOn, tokenKey } = signIn
  const { claims, idToken, refreshToken, ...token } = tokenSet
  const { epoch, begunAt } = times
  const sameUser = claims && before?.claims?.sub === claims.sub
  const tokens = { ...(sameUser && before?.tokens), [tokenKey]: token }
  const known = Object.values(before?.tokens ?? {}).flatMap((each) => each?.scope ?? [])
  const granted = new Set(known)
  const isWider = token.scope.some((word) => !granted.has(word))
  // A frame or a step-up may bring none; the one that there is can still renew, and has to be revoked. It
  // gives no more than was granted before.
  const isKept = sameUser && carriesOn && !isWider
  const renewable = refreshToken ?? (isKept ? before?.refreshToken : undefined)
  const isOlder = !refreshToken && !!renewable
  const original = isOlder ? (before?.original ?? before?.claims ?? null) : claims
  // Both times are the provider's: its clock may be another than ours.
  const age = (claims?.iat ?? 0) - Number(claims?.auth_time)
  const authenticatedAt = age < Infinity ? token.receivedAt - age * 1000 : undefined
  const record: SessionRecord = {
    format: 1,
    clientId,
    metadata,
    answered,
    sessionId,
    epoch,
    begunAt: (carriesOn && before?.begunAt) || begunAt,
    authenticatedAt,
    claims,
    original,
    isOlder,
    idToken,
    refreshToken: renewable,
    tokens,
  }
  const isOther = !!before && before.sessionId !== sessionId && !sameUser
  /** Whether somebody has signed in since `before` was read. */
  const isOutdated = (all: Map<string, unknown>) => {
    const stored = all.has(SESSION) && all.get(SESSION_ID)
    const id = context.isStored() ? stored : context.current()?.sessionId
    return !!id && id !== before?.sessionId
  }
  let isUsedUp = false
  await storeSession(
    context,
    record,
    (all) => {
      if (epochOf(all) !== epoch || (carriesOn && (isOther || isOutdated(all)))) return false
      // Without the lock, another tab may have used the refresh token since, and stored the next one.
      isUsedUp =
        !!renewable && !refreshToken && !!before?.version && versionOf(all) !== before.version
      if (isUsedUp) return false
      all.delete(paceName(context, sessionId))
      return true
    },
    before,
    !!sameUser,
  ).catch(async (error) => {
    if (!isUsedUp) throw error
    const now = await loadSession(context)
    // Where the newer one cannot be read, the session goes on without a refresh token.
    const isSame = now && now.version === before?.version
    const next = isSame ? { ...now, refreshToken: undefined } : now
    await keepTokens(context, signIn, tokenSet, times, next)
  })
}
