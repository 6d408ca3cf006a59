import { AuthError } from '../errors.js'
import { type ListedResource, listResource } from '../http/match-resource.js'
import { metadataUrl } from '../protocol/discover.js'
import { isLoopback, parseProviderUrl } from '../protocol/provider-url.js'
import type { AuthOptions, Persistence, ProviderMetadata, ProviderProfile } from '../types.js'

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
  scope: ['openid'],
  resources: [],
  persistence: 'session',
  timeout: 10_000,
} as const

const NAMES: readonly string[] = [
  'issuer',
  'metadata',
  'provider',
  'clientId',
  'redirectUri',
  'postLogoutRedirectUri',
  'scope',
  'resources',
  'persistence',
  'fetch',
  'timeout',
] satisfies (keyof AuthOptions)[]

/**
 * Validates the options and fills in the defaults.
 *
 * @param page the address that relative URLs are relative to
 * @throws {AuthError} `config`, naming the option and the remedy
 */
export function resolveOptions(options: AuthOptions, page: string): ResolvedOptions {
  for (const name of Object.keys(options)) assertKnown(name)
  const given = { ...DEFAULTS, ...withoutUndefined(options) }
  const { origin } = new URL(page)
  if (typeof given.clientId !== 'string' || !given.clientId) {
    throw wrong('clientId', 'is missing; take it from the registration of the app')
  }
  if (!['session', 'device', 'memory'].includes(given.persistence)) {
    throw wrong('persistence', 'has to be "session", "device" or "memory"')
  }
  if (!(given.timeout > 0 && given.timeout < 2 ** 31)) {
    throw wrong('timeout', 'has to be a number of milliseconds greater than 0')
  }
  if (given.fetch !== undefined && typeof given.fetch !== 'function') {
    throw wrong('fetch', 'has to be a function')
  }
  return Object.freeze({
    ...resolveProvider(given),
    clientId: given.clientId,
    redirectUri: resolvePageUrl('redirectUri', given.redirectUri, origin),
    postLogoutRedirectUri:
      given.postLogoutRedirectUri === undefined
        ? undefined
        : resolvePageUrl('postLogoutRedirectUri', given.postLogoutRedirectUri, origin),
    scope: Object.freeze(assertScope('scope', given.scope)),
    resources: Object.freeze(resolveResources(given.resources, origin)),
    persistence: given.persistence,
    fetch: given.fetch,
    timeout: given.timeout,
  })
}

function assertKnown(name: string): void {
  if (NAMES.includes(name)) return
  throw /^client_?secret$/i.test(name)
    ? wrong(name, 'cannot be kept in a browser; register the app as a public client with PKCE')
    : wrong(name, `is unknown; there are ${NAMES.join(', ')}`)
}

function resolveProvider(
  given: AuthOptions,
): Pick<ResolvedOptions, 'issuer' | 'metadata' | 'provider' | 'allowLoopback'> {
  const { issuer, metadata = issuer && metadataUrl(issuer), provider = {} } = given
  if (!metadata) throw wrong('issuer', 'is missing; it is in the metadata of the provider')
  const inline = typeof metadata === 'object'
  // An address on loopback is the developer's own choice, and opens loopback alone.
  const address = inline ? String(metadata.authorization_endpoint) : metadata
  const allowLoopback = URL.canParse(address) && isLoopback(new URL(address).hostname)
  if (!inline && (!parseProviderUrl(metadata, allowLoopback) || /\?/.test(issuer ?? ''))) {
    const name = given.metadata === undefined ? 'issuer' : 'metadata'
    throw wrong(name, 'has to be an https: URL without user info, query and fragment')
  }
  return { issuer, metadata, provider, allowLoopback }
}

function resolvePageUrl(name: string, value: unknown, origin: string): string {
  if (typeof value !== 'string' || !value || !URL.canParse(value, origin)) {
    throw wrong(name, 'has to be a URL, as it is registered with the provider')
  }
  const url = new URL(value, origin)
  if (value.includes('#')) throw wrong(name, 'must not have a fragment')
  if (!parseProviderUrl(url.href, true)) {
    throw wrong(name, 'has to be an https: URL without user info')
  }
  // What was written out in full is sent byte for byte: providers compare redirect URIs exactly.
  return URL.canParse(value) ? value : url.href
}

function resolveResources(value: AuthOptions['resources'], origin: string): ListedResource[] {
  if (!Array.isArray(value)) throw wrong('resources', 'has to be a list')
  return value.map((resource) => {
    const url = URL.canParse(resource?.url, origin) ? new URL(resource.url, origin) : undefined
    if (!url || url.search || !parseProviderUrl(url.href, true)) {
      throw wrong('resources', 'needs https: URLs without user info, query and fragment')
    }
    if (resource.resource && resource.audience) {
      throw wrong('resources', 'takes "resource" or "audience", not both')
    }
    assertScope('resources', resource.scope ?? [])
    return listResource(resource, url)
  })
}

/** A list of scopes, each once (RFC 6749 §3.3). */
export function assertScope(name: string, value: unknown): readonly string[] {
  const sound =
    Array.isArray(value) &&
    value.every((scope) => typeof scope === 'string' && /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope))
  if (!sound) throw wrong(name, 'takes scopes as a list of words: ["openid", "profile"]')
  return [...new Set(value)]
}

function withoutUndefined<Given extends object>(given: Given): Given {
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as Given
}

function wrong(name: string, what: string): AuthError {
  return new AuthError('config', `createAuth: the option "${name}" ${what}.`)
}
