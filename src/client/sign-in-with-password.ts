import { type AuthError, signedOut } from '../errors.js'
import { abortable } from '../http/abortable.js'
import { isLoopback } from '../protocol/is-provider-url.js'
import { requestTokens, type TokenEndpoint } from '../protocol/request-tokens.js'
import type { Transport } from '../protocol/transport.js'
import { finishPendingSignOut } from '../session/forget-session.js'
import { loadSession } from '../session/keep-session.js'
import { keepTokens } from '../session/keep-tokens.js'
import { epochOf } from '../session/records.js'
import { takeTurn } from '../session/take-turn.js'
import type { Auth } from '../types/auth.js'
import { assertOptions, isFilled, type Rule, type Rules } from './assert-options.js'
import type { Client } from './client.js'
import { clientOf } from './client-of.js'
import { isScope, uniqueScope } from './resolve-options.js'

/** The credentials, and how to send them. */
export interface PasswordRequest {
  /** The name that the user signs in with. */
  readonly username: string
  /** The password. It is held no longer than the request. */
  readonly password: string
  /** The client secret, sent by Basic authentication. In a browser it is no secret. */
  readonly clientSecret?: string | undefined
  /** Scopes to ask for. Default: those of the options, with those of the resources. */
  readonly scope?: readonly string[] | undefined
  /**
   * `'form'` as RFC 6749 §4.3.2 has it, or `'json'`: a JSON body with `user_name`, as the vendor's
   * guide prints it. Default `'form'`.
   */
  readonly dialect?: 'form' | 'json' | undefined
}

const TEXT: Rule = [isFilled, 'a non-empty string']
const RULES: Rules<PasswordRequest> = {
  username: TEXT,
  password: TEXT,
  clientSecret: TEXT,
  scope: [isScope, 'a list of words'],
  dialect: [(value) => value === 'form' || value === 'json', '"form" or "json"'],
}

let warned = false

/**
 * Signs a user in with a password that the app asks for itself: the resource owner password flow, which
 * OAuth 2.1 leaves out. The app sees the password, there is no second factor and no single sign-on, and a
 * client secret in a browser is known to everybody who looks. Prefer `auth.signIn()`. On loopback it says
 * so on the console, once.
 *
 * Password and secret are kept no longer than the request, so renewals are sent without the secret.
 * If the client is closed meanwhile, this rejects with `closed`, and the user may be signed in all the same
 * for the next client.
 *
 * @throws {AuthError} `config`, `token_request_refused`, `token_response_invalid`,
 *   `id_token_invalid`, `clock_skew`, `discovery_invalid`, `insecure_url`, `storage_unavailable`,
 *   `signed_out`, `closed`, `network`, `timeout`, `provider_unavailable`; with `dpop()` also `dpop`
 *   and `session_expired`
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-4.3 RFC 6749 §4.3}
 */
export async function signInWithPassword<Claims>(
  auth: Auth<Claims>,
  request: PasswordRequest,
): Promise<void> {
  const client = clientOf(auth, 'signInWithPassword')
  const given = assertOptions('signInWithPassword', request, RULES, 'username', 'password')
  if (!warned && isLoopback(client.page.href())) {
    warned = true
    console.warn('tessera-auth: OAuth 2.1 leaves the password flow out; prefer auth.signIn().')
  }
  const { signOuts, closing } = client
  await auth.start()
  await client.ending
  closing.signal.throwIfAborted()
  await abortable(closing.signal, redeem(client, given, signOuts))
}

async function redeem(client: Client, given: PasswordRequest, signOuts: number): Promise<void> {
  const { session } = client
  session.dispatch({ type: 'leaving' })
  try {
    const begunAt = Date.now()
    // A sign-out that is still to be carried out would end this session as well.
    await finishPendingSignOut(session)
    const epoch = await session.store.records(epochOf)
    if (client.signOuts !== signOuts) throw signedOut()
    const metadata = await session.metadata()
    // What there is no key for is not bound.
    await session.binding?.thumbprint()
    const { scope: own, resources } = client.options
    const all = [...own, ...resources.flatMap((listed) => listed.scope)]
    const scope = uniqueScope(given.scope ?? all)
    const tokens = await requestTokens(
      {
        ...session,
        metadata,
        keys: session.keysOf(metadata),
        ...dialectOf(
          given,
          session.transport,
          session.clientId,
          client.options.provider?.plainBasic,
        ),
      },
      {
        grant_type: 'password',
        username: given.username,
        password: given.password,
        ...(scope.length > 0 && { scope: scope.join(' ') }),
      },
      scope,
      {},
    )
    const { clientId } = session
    const sessionId = crypto.randomUUID()
    const kept = { clientId, metadata, answered: [], sessionId, carriesOn: false, tokenKey: '' }
    await takeTurn(session, async () =>
      keepTokens(session, kept, tokens, { epoch, begunAt }, await loadSession(session)),
    )
    session.show(null)
    session.announce()
  } catch (error) {
    session.dispatch({
      type: 'returned',
      error: error as AuthError,
      warning: session.warning(),
    })
    throw client.explain(error as AuthError)
  }
}

/** Sends the same parameters in the tenant's way. */
function dialectOf(
  { clientSecret, dialect }: PasswordRequest,
  send: Transport,
  clientId: string,
  isPlain = false,
): Pick<TokenEndpoint, 'transport' | 'secrets'> {
  const encode = isPlain ? toBytes : formEncode
  const credentials = btoa(`${encode(clientId)}:${encode(clientSecret)}`)
  const transport: Transport = (url, invalid, body, headers) => {
    const parameters = new URLSearchParams(body)
    const extra: Record<string, string> = { ...headers }
    if (clientSecret !== undefined) {
      parameters.delete('client_id')
      extra.authorization = `Basic ${credentials}`
    }
    if (dialect !== 'json') return send(url, invalid, parameters, extra)
    const { username, ...rest } = Object.fromEntries(parameters)
    extra['content-type'] = 'application/json'
    return send(url, invalid, JSON.stringify({ ...rest, user_name: username }), extra)
  }
  return { transport, secrets: [clientSecret, credentials] }
}

/** The bytes of UTF-8, one character each. */
function toBytes(text = ''): string {
  return String.fromCharCode(...new TextEncoder().encode(text))
}

function formEncode(text = ''): string {
  return new URLSearchParams({ text }).toString().slice('text='.length)
}
