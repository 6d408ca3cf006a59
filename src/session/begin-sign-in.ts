import {
  authorizationUrl,
  createAuthorizationRequest,
} from '../protocol/authorization-request.js'
import type { SignInRequest } from '../types.js'
import type { SessionContext } from './context.js'
import type { TransactionRecord } from './records.js'

/** What a sign-in asks for, beyond its {@link SignInRequest}. */
export interface SignInTarget {
  readonly redirectUri: string
  readonly scope: readonly string[]
  readonly resource: readonly string[]
  readonly audience: string | undefined
  /** What the access token of the code is for. */
  readonly tokenKey: string
  readonly returnTo: string | null
}

/**
 * Prepares a sign-in: makes the authorization request, keeps its transaction, and returns the
 * address to send the user to.
 *
 * @throws {AuthError} `config`, `discovery_invalid`, `insecure_url`, `network`, `timeout`,
 *   `provider_unavailable`, `storage_unavailable`
 */
export async function beginSignIn(
  context: SessionContext,
  target: SignInTarget,
  request: SignInRequest,
): Promise<string> {
  const metadata = await context.metadata()
  // On its way while the user is: what arrives before the page leaves is kept for the callback.
  void context.keysOf(metadata)(false).catch(() => undefined)
  const { parameters, state, nonce, verifier } = await createAuthorizationRequest({
    ...target,
    clientId: context.clientId,
    request,
  })
  const url = authorizationUrl(metadata, parameters)
  const session = context.current()?.record
  const transaction: TransactionRecord = {
    format: 1,
    clientId: context.clientId,
    metadata,
    redirectUri: target.redirectUri,
    verifier,
    nonce,
    scope: target.scope,
    tokenKey: target.tokenKey,
    maxAge: request.maxAge ?? null,
    acrValues: request.acrValues ?? [],
    subject: request.sameUser ? (session?.claims?.sub ?? null) : null,
    answered: request.challenge ? [...(session?.answered ?? []), request.challenge] : [],
    returnTo: target.returnTo,
    appState: request.appState ?? null,
  }
  await context.storage.saveTransaction(state, transaction)
  return url
}
