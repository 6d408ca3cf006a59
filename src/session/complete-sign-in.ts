import { AuthError } from '../errors.js'
import { assertClaims } from '../protocol/assert-claims.js'
import { readAuthorizationCode, readResponseState } from '../protocol/authorization-response.js'
import { requestTokens, type TokenSet } from '../protocol/request-tokens.js'
import type { StartResult } from '../types/requests.js'
import { isStale } from './begin-sign-in.js'
import type { Current, SessionContext } from './context.js'
import { loadSession, storeSession } from './keep-session.js'
import {
  epochOf,
  paceName,
  readTransactionRecord,
  SESSION,
  SESSION_ID,
  type SessionRecord,
  TRANSACTION,
  type TransactionRecord,
  tokenParameters,
  USED,
  versionOf,
} from './records.js'

/** A callback, and the sign-in that it belongs to, if there is one that was not used yet. */
export interface FoundSignIn {
  readonly parameters: URLSearchParams
  readonly state: string
  readonly transaction: TransactionRecord | undefined
}

/**
 * Finds the transaction of a callback. This needs no lock: which of several callers may use it is
 * decided later, in one step.
 *
 * @throws {AuthError} `callback_state`, `callback_invalid`, `storage_unavailable`
 */
export async function findSignIn(
  { store, clientId }: SessionContext,
  parameters: URLSearchParams,
): Promise<FoundSignIn> {
  const state = readResponseState(parameters)
  const stored = await store.get(TRANSACTION + state)
  return { parameters, state, transaction: readTransactionRecord(stored?.content, clientId) }
}

/**
 * Processes a callback: validates the response, redeems the code, and keeps the session. Returns
 * `undefined` when the same callback was processed before.
 *
 * Nothing is sent before state, issuer and error have been checked, and only one of several tabs or
 * calls sends the code. A callback that belongs to no transaction leaves all transactions and the
 * session as they are.
 *
 * @throws {AuthError} `callback_state`, `callback_issuer`, `callback_invalid`, `storage_unavailable`
 */
export async function completeSignIn(
  context: SessionContext,
  { parameters, state, transaction }: FoundSignIn,
): Promise<StartResult | undefined> {
  const { records } = context.store
  const name = TRANSACTION + state
  if (!transaction) {
    if (await records((all) => all.has(USED + state))) return undefined
    throw unknownSignIn()
  }
  /**
   * Takes the transaction: gives the count of sign-outs, and when this sign-in began, to one caller in
   * one tab, and `undefined` to every other one.
   */
  const take = () =>
    records((all) => {
      const stored = all.get(name) as { readonly at: number } | undefined
      all.delete(name)
      all.set(USED + state, { at: Date.now() })
      return stored && { epoch: epochOf(all), at: stored.at }
    })
  let error: AuthError | null = null
  try {
    const idToken = context.current()?.idToken
    const code = readAuthorizationCode(
      parameters,
      transaction.metadata,
      idToken,
      context.sharesRedirectUri(),
    )
    const taken = await take()
    if (!taken) return undefined
    if (isStale(taken)) throw unknownSignIn()
    const before = loadSession(context)
    const { epoch, at: begunAt } = taken
    const tokens = await redeem(context, transaction, code, begunAt)
    await keepTokens(context, transaction, tokens, { epoch, begunAt }, await before)
  } catch (cause) {
    error = cause as AuthError
    context.forgetProvider()
    // A callback that is not the provider's answer leaves the sign-in to be completed by the right one.
    if (/^callback_/.test(error.code)) throw error
    await take()
  }
  return { returnTo: transaction.returnTo, appState: transaction.appState, error }
}

const unknownSignIn = () =>
  new AuthError('callback_state', 'The callback belongs to no sign-in of this browser.', {
    hint: 'It is too old, forged, or was opened in another browser. Sign in again.',
  })

async function redeem(
  context: SessionContext,
  transaction: TransactionRecord,
  code: string,
  begunAt: number,
): Promise<TokenSet> {
  const { metadata, subject, maxAge } = transaction
  const keys = context.keysOf(metadata)
  // Fetched beside the token request, so that verifying does not wait for them.
  keys(false).catch(() => {})
  const grant = {
    ...tokenParameters(transaction.tokenKey),
    grant_type: 'authorization_code',
    code,
    redirect_uri: transaction.redirectUri,
    code_verifier: transaction.verifier,
  }
  const endpoint = { ...context, metadata, keys }
  // What the user does at the provider takes its time (OpenID Connect Core §3.1.2.1): a consent, say.
  const taken = Math.max(0, Date.now() - begunAt) / 1000
  const expected = { ...transaction, maxAge: maxAge === undefined ? maxAge : maxAge + taken }
  const tokens = await requestTokens(endpoint, grant, transaction.scope, expected)
  assertClaims(transaction.wantedClaims, tokens.claims)
  if (subject && tokens.claims?.sub !== subject) {
    throw new AuthError('user_mismatch', 'Another user signed in than the one who was asked to.')
  }
  return tokens
}

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
  const kept = {
    format: 1,
    clientId,
    metadata,
    answered,
    sessionId,
    epoch,
    authenticatedAt,
  } as const
  const since = (carriesOn && before?.begunAt) || begunAt
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
    {
      ...kept,
      begunAt: since,
      claims,
      original,
      isOlder,
      idToken,
      refreshToken: renewable,
      tokens,
    },
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
