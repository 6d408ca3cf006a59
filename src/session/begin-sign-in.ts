import { AuthError, signedOut } from '../errors.js'
import { authorizationUrl, createAuthorizationRequest } from '../protocol/authorization-request.js'
import { sendBound } from '../protocol/send-bound.js'
import type { PreparedSignIn } from '../types/capabilities.js'
import type { SignInRequest } from '../types/requests.js'
import type { SessionContext } from './context.js'
import { finishPendingSignOut } from './forget-session.js'
import {
  ARRIVAL,
  epochOf,
  PACE,
  SESSION,
  TRANSACTION,
  type TransactionRecord,
  USED,
} from './records.js'

/** What a sign-in asks for, beyond its {@link SignInRequest}. */
export interface SignInTarget
  extends Pick<TransactionRecord, 'redirectUri' | 'scope' | 'tokenKey' | 'returnTo'> {
  readonly resource: readonly string[]
  readonly audience: string | undefined
}

/** How long a sign-in may take, in milliseconds. */
const LIFETIME = 60 * 60_000
/** How many sign-ins under way are kept; the oldest is dropped for one more. */
const MOST_SIGN_INS = 30

/**
 * Prepares a sign-in: makes the authorization request, keeps its transaction, and returns the
 * address to send the user to.
 *
 * @throws {AuthError} `config`, `discovery_invalid`, `insecure_url`, `network`, `timeout`,
 *   `provider_unavailable`, `signed_out`, `storage_unavailable`; with a pushed request also
 *   `token_request_refused` and `token_response_invalid`, with a binding `dpop` and `session_expired`
 */
export async function beginSignIn(
  context: SessionContext,
  { resource, audience, ...target }: SignInTarget,
  request: SignInRequest,
): Promise<PreparedSignIn> {
  const { clientId, store, binding, push, nonceWithoutOpenid } = context
  const before = context.current()
  // A sign-out that is still to be carried out would delete this sign-in later.
  await finishPendingSignOut(context)
  // Counted from now on: a later sign-out, in whichever tab, must not be undone by this sign-in.
  const counting = store.records(epochOf)
  counting.catch(() => {})
  const { claims, answered = [] } = before ?? {}
  const metadata = await context.metadata()
  if (!push && metadata.require_pushed_authorization_requests === true) {
    throw new AuthError(
      'config',
      'signIn: this provider needs the capability pushedAuthorization().',
    )
  }
  // Fetch the keys while the page is leaving: if they arrive in time, the callback finds them stored.
  context
    .keysOf(metadata)(false)
    .catch(() => {})
  const carriesOn = request.sameUser && before
  const own = {
    client_id: clientId,
    redirect_uri: target.redirectUri,
    scope: target.scope.join(' ') || undefined,
    resource: [...new Set([...resource, ...(request.resource ?? [])])],
    audience,
    // A sign-in that continues a session makes no new key, which would survive a sign-out.
    dpop_jkt: await binding?.thumbprint(!carriesOn),
  }
  const withNonce = nonceWithoutOpenid || target.scope.includes('openid')
  const { parameters, state, ...secrets } = await createAuthorizationRequest(
    own,
    request,
    withNonce,
  )
  const { sameUser, challenge, maxAge, acrValues, claims: wantedClaims, appState = null } = request
  const subject = sameUser ? claims?.sub : undefined
  const sessionId = carriesOn ? before.sessionId : crypto.randomUUID()
  const transaction: TransactionRecord = {
    format: 1,
    clientId,
    metadata,
    ...target,
    ...secrets,
    maxAge,
    acrValues,
    wantedClaims,
    appState,
    carriesOn: !!carriesOn,
    subject,
    sessionId,
    answered: challenge ? [...answered, challenge] : [],
  }
  const epoch = await counting
  const post = (url: string, body: URLSearchParams) =>
    sendBound(context, url, 'token_response_invalid', body)
  // Before the transaction is kept: what the provider refuses leaves nothing behind.
  const sent = push ? await push(metadata, parameters, post) : parameters
  const isKept = await store.put(TRANSACTION + state, transaction, (all) => {
    if (epochOf(all) !== epoch) return false
    for (const prefix of [TRANSACTION, USED, ARRIVAL, `${PACE} `]) evict(all, prefix)
    // A sign-in that continues a session ends with it, in whichever tab it was ended.
    return !carriesOn || (!!context.current() && (!before.version || all.has(SESSION)))
  })
  if (!isKept) throw signedOut()
  return { url: authorizationUrl(metadata, sent), state }
}

/** Whether a transaction is too old to be completed. */
export function isStale(stored: unknown): boolean {
  return !(Math.abs(Date.now() - Object(stored).at) < LIFETIME)
}

/** Deletes the records that are too old, and then the oldest until one more fits. */
function evict(all: Map<string, unknown>, prefix: string): void {
  const entries = [...all].filter(([name]) => name.startsWith(prefix))
  for (const [name, stored] of entries) if (isStale(stored)) all.delete(name)
  const fresh = entries.filter(([name]) => all.has(name)) as [string, { at: number }][]
  fresh.sort(([, one], [, other]) => other.at - one.at)
  for (const [name] of fresh.slice(MOST_SIGN_INS - 1)) all.delete(name)
}
