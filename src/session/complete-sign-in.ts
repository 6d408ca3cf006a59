import { AuthError } from '../errors.js'
import { assertClaims } from '../protocol/assert-claims.js'
import { readAuthorizationCode, readResponseState } from '../protocol/authorization-response.js'
import { requestTokens, type TokenSet } from '../protocol/request-tokens.js'
import type { StartResult } from '../types/requests.js'
import { isStale } from './begin-sign-in.js'
import type { SessionContext } from './context.js'
import { loadSession } from './keep-session.js'
import { keepTokens } from './keep-tokens.js'
import {
  epochOf,
  readTransactionRecord,
  TRANSACTION,
  type TransactionRecord,
  tokenParameters,
  USED,
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
    // If the database fails as well, the first reason is the one to tell.
    await take().catch(() => {})
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
