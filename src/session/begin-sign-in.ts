import { authorizationUrl, createAuthorizationRequest } from '../protocol/authorization-request.js'
import type { SignInRequest } from '../types/requests.js'
import type { SessionContext } from './context.js'
import { TRANSACTION, type TransactionRecord, USED } from './records.js'

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

const LIFETIME = 60 * 60_000
const MOST = 30

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
  const { clientId } = context
  const metadata = await context.metadata()
  // On its way while the user is: what arrives before the page leaves is kept for the callback.
  context
    .keysOf(metadata)(false)
    .catch(() => {})
  const { parameters, state, nonce, verifier } = await createAuthorizationRequest({
    ...target,
    clientId,
    request,
  })
  const url = authorizationUrl(metadata, parameters)
  const session = context.current()?.record
  const { redirectUri, scope, tokenKey, returnTo } = target
  const transaction: TransactionRecord = {
    format: 1,
    clientId,
    metadata,
    redirectUri,
    verifier,
    nonce,
    scope,
    tokenKey,
    maxAge: request.maxAge ?? null,
    acrValues: request.acrValues ?? [],
    subject: request.sameUser ? (session?.claims?.sub ?? null) : null,
    answered: request.challenge ? [...(session?.answered ?? []), request.challenge] : [],
    returnTo,
    appState: request.appState ?? null,
  }
  const { transactions } = await context.stores()
  await transactions.put(TRANSACTION + state, transaction, (all) => {
    for (const prefix of [TRANSACTION, USED]) evict(all, prefix)
    return true
  })
  return url
}

/** Whether a transaction is too old to be completed. */
export function isStale(stored: unknown): boolean {
  const { at } = stored as { at: number }
  return !(Math.abs(Date.now() - at) < LIFETIME)
}

/** Drops what is too old, and of the rest the oldest until one more fits. */
function evict(all: Map<string, unknown>, prefix: string): void {
  const time = (name: string) => (all.get(name) as { at: number }).at
  const names = [...all.keys()].filter((name) => name.startsWith(prefix))
  names.sort((one, other) => time(one) - time(other))
  names.forEach((name, index) => {
    if (isStale(all.get(name)) || names.length - index >= MOST) all.delete(name)
  })
}
