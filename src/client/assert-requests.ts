import type { AccessTokenRequest, HeaderRequest, SignInRequest } from '../types/requests.js'
import {
  assertOptions,
  isFunction,
  isObject,
  isPlain,
  isString,
  type Rule,
  type Rules,
  YES_OR_NO,
} from './assert-options.js'
import { isResourceIndicator, isScope } from './resolve-options.js'

const isStrings = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every(isString)
// Not by `instanceof`: an object from another frame has another class.
const isAddress = (value: unknown) => isString(value) || 'href' in Object(value)
const isSignal = (value: unknown) => value === null || 'aborted' in Object(value)
/** Throws at an object that JSON would make empty, such as a `Map`. */
const refuseOpaque = (_: string, member: unknown) => {
  const isOwnKind = / (Object|Array)]$/.test(Object.prototype.toString.call(member))
  if (isObject(member) && !isOwnKind && Object.keys(member).length === 0) throw member
  return member
}
const isJson = (value: unknown) => {
  try {
    return isString(JSON.stringify(value, refuseOpaque))
  } catch {
    return false
  }
}

const STRING: Rule = [isString, 'a string']

const RULES: Rules<SignInRequest> = {
  scope: [isScope, 'a list of words'],
  url: [isAddress, 'a URL'],
  resource: [
    (value) => Array.isArray(value) && value.every(isResourceIndicator),
    'a list of URLs without fragment',
  ],
  prompt: [(value) => isString(value) && /^[a-z_]+( [a-z_]+)*$/.test(value), 'such as "login"'],
  loginHint: STRING,
  maxAge: [(value) => Number.isSafeInteger(value) && Number(value) >= 0, 'whole seconds'],
  acrValues: [isScope, 'a list of words'],
  uiLocales: [
    (value) => isStrings(value) && value.every((tag) => /^\S+$/.test(tag)),
    'a list of languages',
  ],
  claims: [(value) => isPlain(value) && isJson(value), 'an object that JSON can hold'],
  authorizationDetails: [
    (value) => Array.isArray(value) && value.every((each) => isString(each?.type)) && isJson(value),
    'a list of objects with a "type", which JSON can hold',
  ],
  returnTo: [isAddress, 'an address of this app'],
  appState: [isJson, 'a value that JSON can hold'],
  sameUser: YES_OR_NO,
  challenge: STRING,
  via: [isFunction, 'what popup() returns'],
  parameters: [
    (value) => isPlain(value) && isStrings(Object.values(Object(value))),
    'an object of strings',
  ],
}

const TOKEN_RULES: Rules<AccessTokenRequest> = {
  url: RULES.url,
  forceRenewal: YES_OR_NO,
  signal: [isSignal, 'a signal'],
}

const HEADER_RULES: Rules<HeaderRequest> = {
  // Anything that becomes a string, which is done once.
  url: [(value) => isString(value) || isObject(value), 'a URL'],
  method: STRING,
  signal: TOKEN_RULES.signal,
}

/**
 * Reads the request of a sign-in, once and into an object without a prototype. Refuses what cannot be
 * sent or stored, before anything is.
 *
 * @throws {AuthError} `config`, naming the option
 */
export function assertSignInRequest(request: SignInRequest): SignInRequest {
  return assertOptions('signIn', request, RULES)
}

/** Reads the request of an access token, once and into an object without a prototype. */
export const assertAccessTokenRequest = (request: AccessTokenRequest): AccessTokenRequest =>
  assertOptions('getAccessToken', request, TOKEN_RULES)

/** Reads the request of headers, once and into an object without a prototype. */
export const assertHeaderRequest = (request: HeaderRequest): HeaderRequest =>
  assertOptions('authorize', request, HEADER_RULES, 'url')
