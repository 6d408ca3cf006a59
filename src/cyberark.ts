import { assertOptions, type Rules, refuseOption } from './client/assert-options.js'
import type { AuthError } from './errors.js'
import { isLoopback, isProviderUrl } from './protocol/is-provider-url.js'
import type { ProviderProfile } from './types/provider.js'

/** A CyberArk Identity tenant and the app in it. */
export interface CyberArkIdentityOptions {
  /**
   * The tenant: its id (`abc1234`), its host (`abc1234.id.cyberark.cloud`, `acme.my.idaptive.app`,
   * `sso.example.com`), or its URL.
   */
  readonly tenant: string
  /** The application id, as the Admin Portal shows it under Settings of the app. */
  readonly application: string
}

const isText = (value: unknown) => typeof value === 'string'
const RULES: Rules<CyberArkIdentityOptions> = {
  tenant: [isText, 'a tenant id, its host or its https: URL, and no path'],
  application: [
    isText,
    'the application ID of the Admin Portal, which has no spaces: not the display name',
  ],
}

/** The options that {@link cyberArkIdentity} provides. */
export interface CyberArkIdentityPreset {
  /** The issuer identifier of the app, with the slash at the end that its tokens have. */
  readonly issuer: string
  /** The address of the metadata of the app. */
  readonly metadata: string
  /** Facts that the metadata of a tenant leaves out, and hints for its errors. */
  readonly provider: ProviderProfile
}

/**
 * Returns the options for an app in a CyberArk Identity tenant:
 *
 * - the issuer, with the slash at the end that its tokens have
 * - the address of the app's metadata
 * - the revocation endpoint, which the metadata does not name
 * - a nonce in every sign-in, as the guide to scopes shows it
 * - Basic authentication as the guide to passwords shows it, without an encoding of its own
 * - hints for known errors of tenants
 * - UserInfo corrected if it is as documented: with `sub` and `aud` swapped, and `email_verified` and
 *   `phone_number_verified` strings
 *
 * ```ts
 * createAuth({
 *   ...cyberArkIdentity({ tenant: 'abc1234', application: 'taxefile' }),
 *   clientId: '2f1c…',
 *   redirectUri: '/callback',
 * })
 * ```
 *
 * @throws {AuthError} `config` if the tenant or the application is not valid
 * @see {@link https://docs.cyberark.com/identity/latest/en/content/applications/appscustom/openidconnect.htm Custom OpenID Connect apps}
 */
export function cyberArkIdentity(options: CyberArkIdentityOptions): CyberArkIdentityPreset {
  const given = assertOptions('cyberArkIdentity', options, RULES, 'tenant', 'application')
  const origin = readTenant(given.tenant)
  const application = readApplication(given.application)
  const issuer = `${origin}/${application}/`
  const metadata = `${issuer}.well-known/openid-configuration`
  return {
    issuer,
    metadata,
    provider: {
      endpoints: { revocation_endpoint: `${origin}/OAuth2/Revoke/${application}` },
      nonceWithoutOpenid: true,
      plainBasic: true,
      explain: (error) => explain(error, issuer, metadata),
      readUserInfo,
    },
  }
}

function readTenant(tenant: string): string {
  const text = tenant.trim().replace(/\/$/, '')
  const named = /^[\w-]+$/.test(text) && text !== 'localhost' ? `${text}.id.cyberark.cloud` : text
  const address = /^https?:\/\//i.test(named) ? named : `https://${named}`
  if (isProviderUrl(address, true)) {
    const url = new URL(address)
    url.hostname = url.hostname.replace(/\.$/, '')
    const { href, origin, hostname } = url
    // Another scheme, as in `ftp://host`, would become a host name of one word.
    if (href === `${origin}/` && (/[^.]\.[^.]/.test(hostname) || isLoopback(href))) return origin
  }
  throw wrong('tenant')
}

function readApplication(application: string): string {
  const name = application.replace(/^\/+|\/+$/g, '')
  if (/^[\w.~-]*[\w~-][\w.~-]*$/.test(name)) return name
  throw wrong('application')
}

function wrong(name: keyof CyberArkIdentityOptions): AuthError {
  return refuseOption('cyberArkIdentity', RULES, name)
}

/** Corrects UserInfo. The subject is compared afterwards, so this accepts no other user. */
function readUserInfo(
  claims: Readonly<Record<string, unknown>>,
  clientId: string,
): Readonly<Record<string, unknown>> {
  const { sub, aud } = claims
  const result: Record<string, unknown> = { ...claims }
  if (sub === clientId) Object.assign(result, { sub: aud, aud: sub })
  for (const name of ['email_verified', 'phone_number_verified']) {
    const text = claims[name]
    // .NET writes `True` and `False`, and either counts as true where a condition is expected.
    if (typeof text !== 'string' || !/^(true|false)$/i.test(text)) continue
    result[name] = text.toLowerCase() === 'true'
  }
  return result
}

const TRUSTED_DOMAIN =
  'Ask the admin to add the host name of this page, without scheme, to the trusted DNS domains (Settings, Authentication, Security Settings, API Security).'

const NO_RUN = 'may not run the app: then ask the admin for the Run permission.'

/** What is behind an error of a tenant, by its name in OAuth. */
const REFUSALS: ReadonlyMap<string, string> = new Map([
  [
    'invalid_client',
    `Either the client id is wrong, or its Client ID Type is Confidential and wants a secret (choose List or Anything). ${TRUSTED_DOMAIN}`,
  ],
  ['access_denied', `Either the user said no, or ${NO_RUN}`],
  [
    'invalid_scope',
    'The app does not have a scope of this request. The admin defines those of an API on the Scope page of the app, and their names are compared letter by letter.',
  ],
  [
    'unauthorized_client',
    'The app does not allow this way to sign in: ask the admin for the auth method Auth Code on its Tokens page, or Resource Owner for a password.',
  ],
])

function explain(error: AuthError, issuer: string, metadata: string): string | undefined {
  const { code, message, providerError = '', hint = '' } = error
  const { providerErrorDescription: description = '' } = error
  // Without an address it is about the device.
  if (code === 'network' && /could not be reached/.test(message)) {
    return message.startsWith(`${metadata} `)
      ? `Open this address in a tab. If there is nothing, the network is down or the name of the tenant wrong. If there is an error page, the application id is wrong. If the tab ends at another host, name that one as the tenant. If there is JSON, CORS refused: ${TRUSTED_DOMAIN}`
      : `The network is down, or the page may not read the answer. Its status is in the browser's network panel: 4xx is a refusal (is the Client ID Type List or Anything?), 3xx a redirect, which is not followed. Otherwise CORS refused: ${TRUSTED_DOMAIN}`
  }
  // If the metadata only lacks an endpoint for pushed requests, the error itself says what to do.
  if (code === 'discovery_invalid' && !/pushed/.test(message)) {
    return `${hint} Check the tenant and the application id: the metadata of this app is at ${metadata}; the one at the root of the tenant serves no apps.`.trim()
  }
  if (code === 'token_response_invalid' && /id_token/.test(message)) {
    return 'An OpenID Connect app issues ID tokens, an OAuth2 Client or OAuth2 Server app does not: ask the admin for the first, or leave out the scope openid.'
  }
  if (code === 'id_token_invalid' && /"iss"/.test(message)) {
    return `The issuer has to be ${issuer}. If the tenant has several names, use the one that its tokens have; if the admin has written another issuer into the app, it is no OpenID Connect app.`
  }
  if (code === 'id_token_invalid' && /"aud"/.test(message)) {
    return 'The audience has to be the client id. If the admin has written another one into the app, it is no OpenID Connect app.'
  }
  if (/challenge mismatch/i.test(description)) {
    return 'The code was asked for by another tab or an older page. Sign in again.'
  }
  if (/does not match known request/i.test(description)) {
    return 'The code was used before, or has expired. Sign in again.'
  }
  if (/invalid client creds/i.test(description)) return REFUSALS.get('invalid_client')
  // At the token endpoint nobody asks the user any more.
  if (providerError === 'access_denied' && code === 'token_request_refused') {
    return `The user ${NO_RUN} With a password: it is wrong or has expired, or the tenant wants a second factor.`
  }
  // Some tenants may leave out the state of an error response: its error is then in the hint.
  if (code === 'callback_state') {
    const refusal = REFUSALS.get(/"(\w+)"/.exec(hint)?.[1] ?? '')
    return refusal && `${hint} ${refusal}`
  }
  return REFUSALS.get(providerError)
}
