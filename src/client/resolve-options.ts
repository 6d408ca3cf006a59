import { AuthError } from '../errors.js'
import { type ListedResource, listResource } from '../http/match-resource.js'
import { metadataUrl } from '../protocol/discover.js'
import { isLoopback, isProviderUrl } from '../protocol/is-provider-url.js'
import type { AuthOptions, Persistence } from '../types/options.js'
import type { ProviderMetadata, ProviderProfile } from '../types/provider.js'

/** Options after validation: complete, absolute, and never changing. */
export interface ResolvedOptions {
  readonly issuer: string | undefined
  readonly metadata: ProviderMetadata | string
  readonly provider: ProviderProfile
  readonly allowLoopback: boolean
  readonly clientId: string
  readonly redirectUri: string
  readonly postLogoutRedirectUri: string | undefined
  readonly scope: readonly string[]
  readonly resources: readonly ListedResource[]
  readonly persistence: Persistence
  readonly fetch: typeof fetch | undefined
  readonly timeout: number
}

/** What is used for an option that is left out. */
export const DEFAULTS = {
  provider: {},
  scope: ['openid'],
  resources: [],
  persistence: 'session',
  timeout: 10_000,
} as const

const isText = (value: unknown) => typeof value === 'string' && value !== ''
const isScope = (value: unknown) =>
  Array.isArray(value) && value.every((word) => /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(String(word)))

/** What each option has to be, in a check and in words. */
const RULES: { [Name in keyof AuthOptions]-?: [(value: unknown) => boolean, string] } = {
  issuer: [isText, 'the issuer in the metadata of the provider, an https: URL'],
  metadata: [(value) => isText(value) || typeof value === 'object', 'an https: URL or an object'],
  provider: [(value) => typeof value === 'object', 'a profile, as a preset gives it'],
  clientId: [isText, 'the client id in the registration of the app'],
  redirectUri: [isText, 'a registered https: URL without user info and fragment'],
  postLogoutRedirectUri: [isText, 'a registered https: URL without user info and fragment'],
  scope: [isScope, 'a list of words: ["openid", "profile"]'],
  resources: [Array.isArray, 'a list of resources, with https: URLs without query and fragment'],
  persistence: [
    (value) => /^(session|device|memory)$/.test(String(value)),
    '"session", "device" or "memory"',
  ],
  fetch: [(value) => typeof value === 'function', 'a function'],
  timeout: [(value) => Number(value) > 0, 'a number of milliseconds greater than 0'],
}
const REQUIRED = ['clientId', 'redirectUri']

/**
 * Validates the options and fills in the defaults.
 *
 * @param page the address that relative URLs are relative to
 * @throws {AuthError} `config`, naming the option and the remedy
 */
export function resolveOptions(options: AuthOptions, page: string): ResolvedOptions {
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(RULES, name)) continue
    throw new AuthError(
      'config',
      /secret/i.test(name)
        ? `createAuth: "${name}" cannot be kept in a browser; register a public client with PKCE.`
        : `createAuth: "${name}" is no option; there are ${Object.keys(RULES).join(', ')}.`,
    )
  }
  const given: AuthOptions = { ...options }
  for (const [name, [check]] of Object.entries(RULES)) {
    const key = name as keyof AuthOptions
    if (given[key] === undefined) {
      delete given[key]
      if (REQUIRED.includes(name)) throw wrong(key)
    } else if (!check(given[key])) throw wrong(key)
  }
  const { origin } = new URL(page)
  const { issuer, metadata = issuer && metadataUrl(issuer) } = given
  if (!metadata) throw wrong('issuer')
  // An address on loopback is the developer's own choice, and opens loopback alone.
  const address = typeof metadata === 'object' ? metadata.authorization_endpoint : metadata
  const allowLoopback = isLoopback(String(address))
  if (typeof metadata === 'string' && !isProviderUrl(metadata, allowLoopback)) {
    throw wrong(given.metadata ? 'metadata' : 'issuer')
  }
  if (issuer && /[?#]/.test(issuer)) throw wrong('issuer')
  const resolved = { ...DEFAULTS, issuer: undefined, fetch: undefined, ...given }
  return Object.freeze({
    ...resolved,
    metadata,
    allowLoopback,
    redirectUri: pageUrl('redirectUri', given.redirectUri, origin),
    postLogoutRedirectUri:
      given.postLogoutRedirectUri &&
      pageUrl('postLogoutRedirectUri', given.postLogoutRedirectUri, origin),
    scope: Object.freeze([...resolved.scope]),
    resources: Object.freeze(
      resolved.resources.map((resource) => {
        const { url, scope = [], audience } = resource
        const absolute = URL.canParse(url, origin) ? new URL(url, origin).href : ''
        const sound = isProviderUrl(absolute, true) && !absolute.includes('?') && isScope(scope)
        if (!sound || (audience && resource.resource)) throw wrong('resources')
        return listResource(resource, new URL(absolute))
      }),
    ),
  })
}

/** What was written out in full is sent byte for byte: providers compare redirect URIs exactly. */
function pageUrl(name: keyof AuthOptions, value: string, origin: string): string {
  const url = URL.canParse(value)
    ? value
    : URL.canParse(value, origin)
      ? new URL(value, origin).href
      : ''
  if (isProviderUrl(url, true) && !value.includes('#')) return url
  throw wrong(name)
}

/**
 * A list of scopes, each once (RFC 6749 §3.3).
 *
 * @throws {AuthError} `config`
 */
export function uniqueScope(scope: readonly string[]): readonly string[] {
  if (isScope(scope)) return [...new Set(scope)]
  throw wrong('scope')
}

function wrong(name: keyof AuthOptions): AuthError {
  return new AuthError('config', `"${name}" has to be ${RULES[name][1]}.`)
}
