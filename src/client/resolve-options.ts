import type { AuthError } from '../errors.js'
import { type ListedResource, listResource, matchResource } from '../http/match-resource.js'
import { RESPONSE_PARAMETERS } from '../protocol/authorization-response.js'
import { metadataUrl } from '../protocol/discover.js'
import { isLoopback, isProviderUrl } from '../protocol/is-provider-url.js'
import { parseUrl } from '../protocol/parse-url.js'
import type { Capability } from '../types/capabilities.js'
import type { AuthOptions, Resource } from '../types/options.js'
import type { ProviderMetadata, ProviderProfile } from '../types/provider.js'
import {
  assertOptions,
  isFilled,
  isFunction,
  isObject,
  isPlain,
  isSize,
  isString,
  type Rule,
  type Rules,
  refuseOption,
  TIME,
  YES_OR_NO,
} from './assert-options.js'

/** Options after validation: complete, with absolute URLs, and frozen. */
export interface ResolvedOptions extends Omit<AuthOptions, 'resources'> {
  readonly metadata: ProviderMetadata | string
  readonly allowLoopback: boolean
  readonly scope: readonly string[]
  readonly resources: readonly ListedResource[]
  readonly persistence: NonNullable<AuthOptions['persistence']>
  readonly timeout: number
}

/** The values of options that are left out. */
export const DEFAULTS = {
  scope: ['openid'],
  resources: [],
  persistence: 'session',
  timeout: 10_000,
} as const

/** Whether it is a list of scopes (RFC 6749 §3.3). */
export const isScope = (value: unknown): boolean =>
  Array.isArray(value) &&
  [...value].every((word) => isFilled(word) && /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(word))

/** Whether it identifies a resource: an absolute URI without fragment (RFC 8707 §2). */
export const isResourceIndicator = (value: unknown): boolean =>
  isFilled(value) && !!parseUrl(value as string) && !(value as string).includes('#')

const IS_FUNCTION: Rule = [isFunction, 'a function']
const PAGE = 'a path such as "/callback", or a registered https: URL without user info and fragment'

const RULES: Rules<AuthOptions> = {
  issuer: [isFilled, 'the https: issuer in the metadata of the provider'],
  metadata: [(value) => isFilled(value) || isObject(value), 'an https: URL, or metadata itself'],
  provider: [isObject, 'what a preset gives'],
  clientId: [
    (value) => isFilled(value) && /^\S(.*\S)?$/.test(value as string),
    'the client id of the registration, without spaces around it',
  ],
  redirectUri: [isFilled, `${PAGE}, and with no parameter of an answer, such as code`],
  postLogoutRedirectUri: [isFilled, PAGE],
  scope: [isScope, 'a list of words'],
  resources: [Array.isArray, 'a list of { url, scope }'],
  persistence: [
    (value) => ['session', 'device', 'memory'].includes(value as string),
    '"session", "device" or "memory"',
  ],
  capabilities: [
    (value) => Array.isArray(value) && value.every(isPlain),
    'a list, such as [dpop()]',
  ],
  fetch: IS_FUNCTION,
  // It is used halved by timers, and doubled for the lock.
  timeout: [(value) => isSize(value) && Number(value) < 2 ** 31, TIME[1]],
}

const RESOURCE: Rules<Resource> = {
  url: [isFilled, 'an https: URL, or one of this origin, with no query, fragment or wildcard'],
  scope: RULES.scope,
  resource: [isResourceIndicator, 'a URL without fragment'],
  audience: [isFilled, 'a string, and not together with "resource"'],
  redirect: [(value) => value === 'error' || value === 'follow', '"error" or "follow"'],
}

const CAPABILITY: Rules<Capability> = {
  bind: IS_FUNCTION,
  push: IS_FUNCTION,
  navigate: IS_FUNCTION,
  leave: IS_FUNCTION,
  silent: IS_FUNCTION,
  idTokenHint: YES_OR_NO,
  wait: IS_FUNCTION,
}

const PROVIDER: Rules<ProviderProfile> = {
  endpoints: [isPlain, 'an object of URLs'],
  nonceWithoutOpenid: YES_OR_NO,
  plainBasic: YES_OR_NO,
  explain: IS_FUNCTION,
  readUserInfo: IS_FUNCTION,
}

/**
 * Validates the options and fills in the defaults.
 *
 * @param page the address that relative URLs are relative to
 * @throws {AuthError} `config`, naming the option and the remedy
 */
export function resolveOptions(options: AuthOptions, page: string): ResolvedOptions {
  const { origin } = new URL(page)
  const given: { -readonly [Name in keyof AuthOptions]: AuthOptions[Name] } = assertOptions(
    'createAuth',
    options,
    RULES,
    'clientId',
    'redirectUri',
  )
  const { issuer = '', provider, capabilities, scope = DEFAULTS.scope, resources = [] } = given
  const metadata = copyOf('metadata', given.metadata) ?? (issuer && metadataUrl(issuer))
  const isAddress = typeof metadata === 'string'
  // An address on loopback is the developer's own choice, and allows `http:` on loopback only.
  const place = isAddress ? metadata : metadata?.authorization_endpoint
  const allowLoopback = isString(place) && isLoopback(place)
  const isUrl = parseUrl(issuer) && /^https?:\/\/[^\s\\]+$/i.test(issuer)
  const isSound = isUrl || (given.metadata && !/\s/.test(issuer))
  // The address of the metadata is not the issuer.
  if (!metadata || !isSound || /[?#]|\.well-known/.test(issuer)) throw wrong('issuer')
  if (isAddress && !isProviderUrl(metadata, allowLoopback)) {
    throw wrong(given.metadata ? 'metadata' : 'issuer')
  }
  const { postLogoutRedirectUri: back } = given
  given.redirectUri = callbackUrl(given.redirectUri, origin)
  if (back !== undefined) {
    given.postLogoutRedirectUri = pageUrl(back, origin, wrong('postLogoutRedirectUri'))
  }
  return Object.freeze(
    Object.assign(Object.create(null), DEFAULTS, given, {
      metadata,
      allowLoopback,
      provider: provider && readProvider(provider),
      scope: uniqueScope(scope),
      resources: Object.freeze(resources.map((resource) => readResource(resource, origin))),
      capabilities: capabilities?.map((each) =>
        assertOptions('createAuth, capabilities', each, CAPABILITY),
      ),
    }),
  )
}

/** The redirect URI. It must not have a parameter that the provider adds: there would be two. */
function callbackUrl(value: string, origin: string): string {
  const refusal = wrong('redirectUri')
  const url = pageUrl(value, origin, refusal)
  const names = [...new URL(url).searchParams.keys()]
  if (names.some((name) => RESPONSE_PARAMETERS.test(name))) throw refusal
  return url
}

function readProvider(provider: ProviderProfile): ProviderProfile {
  const read = assertOptions('createAuth, provider', provider, PROVIDER)
  return Object.assign(read, { endpoints: copyOf('provider', read.endpoints) })
}

/**
 * Copies an object, so that nobody can change it later, and without a prototype. It is JSON, and copied
 * as such: `structuredClone()` refuses the proxies that Vue and others wrap objects in.
 */
function copyOf<Value>(name: keyof AuthOptions, value: Value): Value {
  if (!isObject(value)) return value
  let copy: object | undefined
  try {
    copy = JSON.parse(JSON.stringify(value, refuseFunctions))
  } catch {}
  // Metadata is empty if it is a `Response` whose JSON was not read, for example.
  if (!copy || (name === 'metadata' && Object.keys(copy).length === 0)) throw wrong(name)
  return Object.assign(Object.create(null), copy)
}

/** Throws at what JSON would leave out, such as a function, or a promise that was not awaited. */
function refuseFunctions(_: string, member: unknown): unknown {
  if (isFunction(member) || isFunction(Object(member).then)) throw member
  return member
}

function readResource(given: Resource, origin: string): ListedResource {
  const resource = assertOptions('createAuth, resources', given, RESOURCE, 'url')
  const refuse = (name: keyof Resource) => refuseOption('createAuth, resources', RESOURCE, name)
  const url = pageUrl(resource.url, origin, refuse('url'))
  if (resource.resource && resource.audience) throw refuse('audience')
  if (/[?*\\]/.test(resource.url)) throw refuse('url')
  const entry = listResource(resource, new URL(url))
  try {
    // A path that does not match itself is one that no request can have.
    matchResource([entry], url)
  } catch {
    throw refuse('url')
  }
  return entry
}

/** Resolves a URL of the app. A full one stays byte for byte: providers compare redirect URIs exactly. */
function pageUrl(value: string, origin: string, refusal: AuthError): string {
  const url = parseUrl(value) ? value : parseUrl(value, origin)?.href
  if (isProviderUrl(url, true) && !/[\s\\]/.test(value)) return url
  throw refusal
}

/** The list with each scope once (RFC 6749 §3.3). */
export function uniqueScope(scope: readonly string[]): readonly string[] {
  return Object.freeze([...new Set(scope)])
}

function wrong(name: keyof AuthOptions): AuthError {
  return refuseOption('createAuth', RULES, name)
}
