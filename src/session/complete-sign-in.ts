import { AuthError } from '../errors.js'
import { readAuthorizationCode, readResponseState } from '../protocol/authorization-response.js'
import { requestTokens, type TokenSet } from '../protocol/request-tokens.js'
import { revokeToken } from '../protocol/revoke-token.js'
import type { StartResult } from '../types/requests.js'
import { isStale } from './begin-sign-in.js'
import type { SessionContext } from './context.js'
import { loadSession } from './load-session.js'
import {
  EPOCH,
  PACE,
  readTransactionRecord,
  SESSION,
  type SessionRecord,
  type TokenRecord,
  TRANSACTION,
  type TransactionRecord,
  tokenParameters,
  USED,
} from './records.js'

/**
 * Processes a callback: finds its transaction, validates the response, redeems the code, and keeps
 * the session. Returns `undefined` when the same callback was processed before.
 *
 * Order and atomicity as requirements R19 to R25: nothing is sent before state, issuer and error
 * were checked, and of several tabs or calls one alone sends the code. A callback that does not
 * belong to a transaction leaves all transactions and the session as they are.
 *
 * @throws {AuthError} `callback_state`, `callback_issuer`, `callback_invalid`
 */
export async function completeSignIn(
  context: SessionContext,
  parameters: URLSearchParams,
): Promise<StartResult | undefined> {
  const state = readResponseState(parameters)
  const { transactions } = await context.stores()
  const stored = await transactions.get(TRANSACTION + state)
  const transaction = readTransactionRecord(stored?.content, context.clientId)
  if (!transaction) {
    if (await transactions.records((all) => all.has(USED + state))) return undefined
    throw new AuthError('callback_state', 'The callback belongs to no sign-in of this browser.', {
      hint: 'It is too old, forged, or was opened in another browser. Sign in again.',
    })
  }
  const { metadata, returnTo, appState } = transaction
  /** `true` for one caller in one tab, and never again. */
  const take = () =>
    transactions.records((all) => {
      const fresh = all.has(TRANSACTION + state) && !isStale(all.get(TRANSACTION + state))
      all.delete(TRANSACTION + state)
      all.set(USED + state, { at: Date.now() })
      return fresh
    })
  let error: AuthError | null = null
  try {
    const code = readAuthorizationCode(parameters, metadata)
    const epoch = await readEpoch(context)
    if (!(await take())) return undefined
    await keep(context, transaction, await redeem(context, transaction, code), epoch)
  } catch (cause) {
    error = cause as AuthError
    // A callback that is not the provider's answer does not use the sign-in up.
    if (!(cause instanceof AuthError) || error.code.startsWith('callback_')) throw cause
    await take()
  }
  return { returnTo, appState, error }
}

async function redeem(
  context: SessionContext,
  transaction: TransactionRecord,
  code: string,
): Promise<TokenSet> {
  const { clientId, transport } = context
  const { metadata, nonce, maxAge, acrValues, subject } = transaction
  const keys = context.keysOf(metadata)
  // Beside the token request, so that verifying costs no waiting.
  keys(false).catch(() => {})
  const tokens = await requestTokens(
    { metadata, clientId, transport, keys },
    {
      ...tokenParameters(transaction.tokenKey),
      grant_type: 'authorization_code',
      code,
      redirect_uri: transaction.redirectUri,
      code_verifier: transaction.verifier,
    },
    transaction.scope.includes('openid'),
    { nonce, maxAge },
  )
  const { claims } = tokens
  if (subject !== null && claims?.sub !== subject) {
    throw new AuthError('user_mismatch', 'Another user signed in than the one who was asked to.')
  }
  if (claims && acrValues.length > 0 && !acrValues.includes(String(claims.acr))) {
    throw new AuthError('id_token_invalid', 'The ID token has none of the acr asked for.')
  }
  return tokens
}

async function keep(
  context: SessionContext,
  transaction: TransactionRecord,
  tokens: TokenSet,
  epoch: number,
): Promise<void> {
  const { clientId, metadata, scope, tokenKey, answered } = transaction
  const { claims, idToken, refreshToken } = tokens
  const before = (await loadSession(context))?.record
  const sameUser = claims && before?.claims?.sub === claims.sub
  const record: SessionRecord = {
    format: 1,
    clientId,
    metadata,
    claims,
    idToken,
    refreshToken,
    tokens: { ...(sameUser && before?.tokens), [tokenKey]: tokenRecord(tokens, scope) },
    answered,
  }
  try {
    const { sessions } = await context.stores()
    const version = await sessions.put(SESSION, record, (all) => {
      if (epochOf(all) !== epoch) return false
      all.set(EPOCH, epoch)
      all.delete(PACE)
      return true
    })
    if (!version) {
      discard(context, record)
      throw new AuthError('signed_out', 'The user signed out during this sign-in.')
    }
    context.hold({ record, version })
  } catch (error) {
    if ((error as AuthError).code !== 'storage_unavailable') throw error
    context.warn(error as AuthError)
    context.hold({ record, version: undefined })
  }
}

/** How many sign-outs there were. */
export const epochOf = (all: Map<string, unknown>): number => Number(all.get(EPOCH) ?? 0)

async function readEpoch(context: SessionContext): Promise<number> {
  return (await context.stores()).sessions.records(epochOf)
}

/** An access token as it is kept. */
export function tokenRecord(
  { accessToken, tokenType, receivedAt, expiresAt, scope }: TokenSet,
  asked: readonly string[],
): TokenRecord {
  return { accessToken, tokenType, receivedAt, expiresAt, scope: scope ?? asked }
}

/** Revokes, as far as the provider lets us, tokens that came too late for their session. */
export function discard(
  { transport, clientId }: SessionContext,
  { metadata, refreshToken }: SessionRecord,
): void {
  if (!refreshToken) return
  revokeToken(transport, metadata, clientId, refreshToken, 'refresh_token').catch(() => {})
}
