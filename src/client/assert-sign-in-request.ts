import { AuthError } from '../errors.js'
import type { SignInRequest } from '../types/requests.js'
import { assertMembers } from './assert-members.js'
import { isScope } from './resolve-options.js'

const isText = (value: unknown) => typeof value === 'string'
const isTexts = (value: unknown) => Array.isArray(value) && value.every(isText)
const isAddress = (value: unknown) => isText(value) || value instanceof URL
const isJson = (value: unknown) => {
  try {
    return isText(JSON.stringify(value))
  } catch {
    return false
  }
}

/** What each member of a request has to be, in a check and in words. */
const RULES: { readonly [Name in keyof SignInRequest]-?: [(value: unknown) => boolean, string] } = {
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

/**
 * Refuses a sign-in that asks for something that cannot be sent or kept, before anything of it is.
 *
 * @throws {AuthError} `config`, naming the member
 */
export function assertSignInRequest(request: SignInRequest): void {
  assertMembers('signIn', request, Object.keys(RULES))
  for (const [name, [isSound, kind]] of Object.entries(RULES)) {
    const value = request[name as keyof SignInRequest]
    if (value === undefined || isSound(value)) continue
    throw new AuthError('config', `signIn: "${name}" has to be ${kind}.`)
  }
}
