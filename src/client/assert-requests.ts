import type { AccessTokenRequest, SignInRequest } from '../types/requests.js'
import { assertOptions, type Rules } from './assert-options.js'
import { isScope } from './resolve-options.js'

const isText = (value: unknown) => typeof value === 'string'
const isTexts = (value: unknown) => Array.isArray(value) && value.every(isText)
// By their members: of a frame they are instances of another class.
const isAddress = (value: unknown) => isText(value) || 'href' in Object(value)
const isSignal = (value: unknown) => value === null || 'aborted' in Object(value)
const isJson = (value: unknown) => {
  try {
    return isText(JSON.stringify(value))
  } catch {
    return false
  }
}

const RULES: Rules<SignInRequest> = {
  scope: [isScope, 'a list of words'],
  url: [isAddress, 'a URL'],
  resource: [isTexts, 'a list of URLs'],
  prompt: [isText, 'a text'],
  loginHint: [isText, 'a text'],
  maxAge: [(value) => Number.isInteger(value) && Number(value) >= 0, 'whole seconds'],
  acrValues: [isTexts, 'a list of words'],
  uiLocales: [isTexts, 'a list of languages'],
  claims: [isJson, 'what JSON can hold'],
  authorizationDetails: [
    (value) => Array.isArray(value) && isJson(value),
    'a list that JSON can hold',
  ],
  returnTo: [isAddress, 'an address of this app'],
  appState: [isJson, 'what JSON can hold'],
  sameUser: [(value) => typeof value === 'boolean', 'true or false'],
  challenge: [isText, 'a text'],
  via: [(value) => typeof value === 'function', 'what popup() gives'],
  parameters: [(value) => isTexts(Object.values(Object(value))), 'an object of texts'],
}

const TOKEN_RULES: Rules<AccessTokenRequest> = {
  url: RULES.url,
  forceRenewal: RULES.sameUser,
  signal: [isSignal, 'a signal'],
}

/**
 * Refuses a sign-in that asks for something that cannot be sent or kept, before anything of it is.
 *
 * @throws {AuthError} `config`, naming the option
 */
export const assertSignInRequest = (request: SignInRequest): void =>
  assertOptions('signIn', request, RULES)

/** Refuses a wish for a token that nobody would heed. */
export const assertAccessTokenRequest = (request: AccessTokenRequest): void =>
  assertOptions('getAccessToken', request, TOKEN_RULES)
