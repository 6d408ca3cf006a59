import type { AuthError } from '../errors.js'
import { type ListedResource, listResource } from '../http/match-resource.js'
import { metadataUrl } from '../protocol/discover.js'
import { isLoopback, isProviderUrl } from '../protocol/is-provider-url.js'
import type { AuthOptions, Resource } from '../types/options.js'
import type { ProviderMetadata } from '../types/provider.js'
import { assertOptions, type Rules, refuseOption } from './assert-options.js'

/** Options after validation: complete, absolute, and never changing. */
export interface ResolvedOptions extends Omit<AuthOptions, 'resources'> {
  readonly metadata: ProviderMetadata | string
  readonly allowLoopback: boolean
  readonly scope: readonly string[]
  readonly resources: readonly ListedResource[]
  readonly persistence: NonNullable<AuthOptions['persistence']>
  readonly timeout: number
}

/** What is used for an option that is left out. */
export const DEFAULTS = {
  scope: ['openid'],
  resources: [],
  persistence: 'session',
  timeout: 10_000,
} as const

const isText = (value: unknown) => !!value && typeof value === 'string'
const isObject = (value: unknown) => !!value && typeof value === 'object'
/** Whether it is a list of scopes (RFC 6749 §3.3). */
export const isScope = (value: unknown): boolean =>
  Array.isArray(value) && value.every((word) => /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(word))

const PAGE = 'a path such as "/callback", or a registered https: URL without user info and fragment'

const RULES: Rules<AuthOptions> = {
  issuer: [isText, 'the https: issuer in the metadata of the provider'],
  metadata: [(value) => isText(value) || isObject(value), 'an https: URL, or metadata itself'],
  provider: [isObject, 'what a preset gives'],
  clientId: [isText, 'the client id of the registration'],
  redirectUri: [isText, PAGE],
  postLogoutRedirectUri: [isText, PAGE],
  scope: [isScope, 'a list of words'],
  resources: [
    Array.isArray,
    'a list of { url, scope }: url with https: and no query or fragment, scope a list, audience or resource and not both',
  ],
  persistence: [
    (value) => /^(session|device|memory)$/.test(String(value)),
    '"session", "device" or "memory"',
  ],
  capabilities: [
    (value) => Array.isArray(value) && value.every(isObject),
    'a list, such as [dpop()]',
  ],
  fetch: [(value) => typeof value === 'function', 'a function'],
  // Half of it is a timer's, and a lock takes the double.
  timeout: [(value) => Number(value) > 0 && Number(value) < 2 ** 31, 'a number of milliseconds'],
}

/**
 * Validates the options and fills in the defaults.
 *
 * @param page the address that relative URLs are relative to
 * @throws {AuthError} `config`, naming the option and the remedy
 */
export function resolveOptions(options: AuthOptions, page: string): ResolvedOptions {
  const { origin } = new URL(page)
  // Left out, however that is written.
  const given = Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as AuthOptions
  assertOptions('createAuth', given, RULES)
  for (const name of ['clientId', 'redirectUri'] as const) if (!given[name]) throw wrong(name)
  const { issuer, metadata = issuer && metadataUrl(issuer) } = given
  // An address on loopback is the developer's own choice, and opens loopback alone.
  const address = isText(metadata)
    ? metadata
    : (metadata as ProviderMetadata | undefined)?.authorization_endpoint
  const allowLoopback = isLoopback(String(address))
  // The address of the metadata is not the issuer.
  if (!metadata || /[?#]|\.well-known/.test(issuer ?? '')) throw wrong('issuer')
  if (isText(metadata) && !isProviderUrl(metadata, allowLoopback)) {
    throw wrong(given.metadata ? 'metadata' : 'issuer')
  }
  const resolved = { ...DEFAULTS, ...given, metadata, allowLoopback }
  for (const name of ['redirectUri', 'postLogoutRedirectUri'] as const) {
    const value = given[name]
    if (value !== undefined) resolved[name] = pageUrl(name, value, origin)
  }
  return Object.freeze({
    ...resolved,
    scope: uniqueScope(resolved.scope),
    resources: Object.freeze(resolved.resources.map((resource) => listed(resource, origin))),
  })
}

function listed(resource: Resource, origin: string): ListedResource {
  const url = pageUrl('resources', resource?.url, origin)
  const { scope = [], audience, resource: indicator } = resource
  if (url.includes('?') || !isScope(scope) || (audience && indicator)) throw wrong('resources')
  return listResource(resource, new URL(url))
}

/** What was written out in full is sent byte for byte: providers compare redirect URIs exactly. */
function pageUrl(name: keyof AuthOptions, value: string, origin: string): string {
  const url = URL.canParse(value)
    ? value
    : URL.canParse(value, origin) && new URL(value, origin).href
  if (isText(value) && isProviderUrl(url, true)) return url
  throw wrong(name)
}

/** A list of scopes, each once (RFC 6749 §3.3). */
export function uniqueScope(scope: readonly string[]): readonly string[] {
  return Object.freeze([...new Set(scope)])
}

function wrong(name: keyof AuthOptions): AuthError {
  return refuseOption('createAuth', RULES, name)
}
