import { AuthError } from '../errors.js'
import {
  readResponseState,
  validateAuthorizationResponse,
} from '../protocol/authorization-response.js'
import { exchangeAuthorizationCode } from '../protocol/exchange-authorization-code.js'
import type { TokenSet } from '../protocol/request-tokens.js'
import { revokeToken } from '../protocol/revoke-token.js'
import type { SessionContext } from './context.js'
import {
  type SessionRecord,
  type TokenRecord,
  type TransactionRecord,
  readSessionRecord,
  readTransactionRecord,
  tokenParameters,
} from './records.js'

/** A sign-in that came to its end, well or not. */
export interface CompletedSignIn {
  readonly returnTo: string | null
  readonly appState: unknown
  readonly error: AuthError | null
}

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
): Promise<CompletedSignIn | undefined> {
  const state = readResponseState(parameters)
  const found = await context.storage.readTransaction(state)
  if (found === 'used') return undefined
  const transaction = readTransactionRecord(found?.content, context.clientId)
  if (!transaction) {
    throw new AuthError('callback_state', 'The callback belongs to no sign-in of this browser.', {
      hint: 'It may be too old, forged, or opened in another browser. Sign in again.',
    })
  }
  const { returnTo, appState } = transaction
  const outcome = await redeem(context, parameters, state, transaction).catch((error) => {
    if (!(error instanceof AuthError) || error.code.startsWith('callback_')) throw error
    return error
  })
  return outcome === 'used' ? undefined : { returnTo, appState, error: outcome }
}

async function redeem(
  context: SessionContext,
  parameters: URLSearchParams,
  state: string,
  transaction: TransactionRecord,
): Promise<'used' | null> {
  const { metadata } = transaction
  let validated: URLSearchParams
  try {
    validated = validateAuthorizationResponse(parameters, metadata, context.clientId, state)
  } catch (error) {
    const refused = !(error as AuthError).code.startsWith('callback_')
    if (refused && !(await context.storage.takeTransaction(state))) return 'used'
    throw error
  }
  const epoch = await context.storage.epoch()
  if (!(await context.storage.takeTransaction(state))) return 'used'
  const keys = context.keysOf(metadata)
  // Beside the token request, so that verifying costs no waiting.
  void keys(false).catch(() => undefined)
  const tokens = await exchangeAuthorizationCode(
    { metadata, clientId: context.clientId, transport: context.transport, keys },
    {
      parameters: validated,
      redirectUri: transaction.redirectUri,
      verifier: transaction.verifier,
      nonce: transaction.nonce,
      requireIdToken: transaction.scope.includes('openid'),
      maxAge: transaction.maxAge ?? undefined,
      additionalParameters: tokenParameters(transaction.tokenKey),
    },
  )
  assertAnswered(transaction, tokens)
  await keep(context, transaction, tokens, epoch)
  return null
}

function assertAnswered({ subject, acrValues }: TransactionRecord, { claims }: TokenSet): void {
  if (subject !== null && claims?.sub !== subject) {
    throw new AuthError('user_mismatch', 'Another user signed in than the one who was asked to.')
  }
  if (claims && acrValues.length > 0 && !acrValues.includes(String(claims.acr))) {
    throw new AuthError('id_token_invalid', 'The ID token has none of the "acr" asked for.')
  }
}

async function keep(
  context: SessionContext,
  transaction: TransactionRecord,
  tokens: TokenSet,
  epoch: number,
): Promise<void> {
  const before = context.current()?.record ?? (await storedRecord(context))
  const sameUser = before?.claims && before.claims.sub === tokens.claims?.sub
  const record: SessionRecord = {
    format: 1,
    clientId: context.clientId,
    metadata: transaction.metadata,
    claims: tokens.claims,
    idToken: tokens.idToken,
    refreshToken: tokens.refreshToken,
    tokens: {
      ...(sameUser ? before.tokens : {}),
      [transaction.tokenKey]: tokenRecord(tokens, transaction.scope),
    },
    answered: transaction.answered,
  }
  let version: string | null
  try {
    version = (await context.storage.begin(record, epoch)) ?? null
  } catch (error) {
    context.warn(error)
    version = null
    context.hold({ record, version })
    return context.show(null)
  }
  if (version === null) {
    discard(context, record)
    throw new AuthError('signed_out', 'The user signed out while this sign-in was under way.')
  }
  context.hold({ record, version })
  context.show(null)
  context.announce()
}

async function storedRecord(context: SessionContext): Promise<SessionRecord | undefined> {
  const stored = await context.storage.load().catch(() => undefined)
  return typeof stored === 'object'
    ? readSessionRecord(stored.content, context.clientId)
    : undefined
}

/** An access token as it is kept; its lifetime counts from the moment it was received. */
export function tokenRecord(tokens: TokenSet, asked: readonly string[]): TokenRecord {
  const { accessToken, tokenType, receivedAt, expiresIn, scope } = tokens
  return {
    accessToken,
    tokenType,
    scope: scope ?? asked,
    receivedAt,
    expiresAt: expiresIn === null ? null : receivedAt + expiresIn * 1000,
  }
}

/** Revokes, as far as the provider lets us, tokens that came too late for their session. */
export function discard(context: SessionContext, record: SessionRecord): void {
  const { metadata, refreshToken } = record
  if (!refreshToken) return
  void revokeToken(
    context.transport,
    metadata,
    context.clientId,
    refreshToken,
    'refresh_token',
  ).catch(() => undefined)
}
