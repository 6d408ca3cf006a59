import type { AccessTokenRequest, HeaderRequest, SignInRequest } from '../types/requests.js'
import {
  assertOptions,
  isFunction,
  isObject,
  isPlain,
  type Rules,
  YES_OR_NO,
} from './assert-options.js'
import { isScope } from './resolve-options.js'

const isText = (value: unknown) => typeof value === 'string'
const isTexts = (value: unknown) => Array.isArray(value) && value.every(isText)
// By their members: of a frame they are instances of another class.
const isAddress = (value: unknown) => isText(value) || 'href' in Object(value)
const isSignal = (value: unknown) => value === null || 'aborted' in Object(value)
/** JSON would leave nothing of a `Map`, say. */
const assertJson = (_: string, member: unknown) => {
  const isOwnKind = / (Object|Array)]$/.test(Object.prototype.toString.call(member))
  if (isObject(member) && !isOwnKind && Object.keys(member).length === 0) throw member
  return member
}
const isJson = (value: unknown) => {
  try {
    return isText(JSON.stringify(value, assertJson))
  } catch {
    return false
  }
}

const RULES: Rules<SignInRequest> = {
  scope: [isScope, 'a list of words'],
  url: [isAddress, 'a URL'],
  resource: [
    (value) =>
      isTexts(value) && (value as string[]).every((url) => URL.canParse(url) && !url.includes('#')),
    'a list of URLs without fragment',
  ],
  prompt: [
    (value) => isText(value) && /^[a-z_]+( [a-z_]+)*$/.test(value as string),
    'such as "login"',
  ],
  loginHint: [isText, 'a text'],
  maxAge: [(value) => Number.isSafeInteger(value) && Number(value) >= 0, 'whole seconds'],
  acrValues: [isScope, 'a list of words'],
  uiLocales: [
    (value) => isTexts(value) && (value as string[]).every((tag) => /^\S+$/.test(tag)),
    'a list of languages',
  ],
  claims: [(value) => isPlain(value) && isJson(value), 'an object that JSON can hold'],
  authorizationDetails: [
    (value) => Array.isArray(value) && value.every((each) => isText(each?.type)) && isJson(value),
    'a list of objects with a "type", which JSON can hold',
  ],
  returnTo: [isAddress, 'an address of this app'],
  appState: [isJson, 'what JSON can hold'],
  sameUser: YES_OR_NO,
  challenge: [isText, 'a text'],
  via: [isFunction, 'what popup() gives'],
  parameters: [
    (value) => isPlain(value) && isTexts(Object.values(Object(value))),
    'an object of texts',
  ],
}

const TOKEN_RULES: Rules<AccessTokenRequest> = {
  url: RULES.url,
  forceRenewal: YES_OR_NO,
  signal: [isSignal, 'a signal'],
}

const HEADER_RULES: Rules<HeaderRequest> = {
  // Whatever becomes a text: it is read once.
  url: [(value) => isText(value) || isObject(value), 'a URL'],
  method: RULES.loginHint,
  signal: TOKEN_RULES.signal,
}

/**
 * The sign-in that is asked for, read once and without a prototype. Refuses what cannot be sent or
 * kept, before anything of it is.
 *
 * @throws {AuthError} `config`, naming the option
 */
export function assertSignInRequest(request: SignInRequest): SignInRequest {
  const { acrValues, ...others } = assertOptions('signIn', request, RULES)
  // None would be an empty parameter, and a wish that no answer fulfils.
  return Object.assign(Object.create(null), others, acrValues?.length && { acrValues })
}

/** The wish for a token, read once and without a prototype. Refuses one that nobody would heed. */
export const assertAccessTokenRequest = (request: AccessTokenRequest): AccessTokenRequest =>
  assertOptions('getAccessToken', request, TOKEN_RULES)

/** The wish for headers, read once and without a prototype. Refuses one without a URL. */
export const assertHeaderRequest = (request: HeaderRequest): HeaderRequest =>
  assertOptions('authorize', request, HEADER_RULES, 'url')
