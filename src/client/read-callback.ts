import { RESPONSE_PARAMETERS } from '../protocol/authorization-response.js'

/** What the address of the page has of an authorization response. */
export interface Callback {
  readonly parameters: URLSearchParams
  /** The address without it; the app's own query and fragment stay. */
  readonly scrubbed: string
}

/** A state of ours, as {@link createAuthorizationRequest} makes them. */
const OWN_STATE = /^[\w-]{43}$/

/**
 * Reads the authorization response from the address of the page, or `undefined` where there is
 * none: only at the redirect URI, and where that is the root of a site, only with a state of ours,
 * since others use `code` and `state` too.
 *
 * The query counts; what stands in the fragment is scrubbed with it and never used.
 */
export function readCallback(href: string, redirectUri: string): Callback | undefined {
  const url = new URL(href)
  const expected = new URL(redirectUri)
  if (url.origin !== expected.origin || url.pathname !== expected.pathname) return undefined
  const parameters = new URLSearchParams(url.search)
  const fragment = new URLSearchParams(url.hash.slice(1))
  if (!isResponse(parameters, expected) && !isResponse(fragment, expected)) return undefined
  // Part by part, because URLSearchParams would write the app's own parameters anew.
  const rest = url.search.slice(1).split('&').filter((part) => {
    const [name = ''] = new URLSearchParams(part).keys()
    return expected.searchParams.has(name) || !RESPONSE_PARAMETERS.includes(name as 'code')
  })
  url.search = rest.join('&')
  if (isResponse(fragment, expected)) url.hash = ''
  return { parameters, scrubbed: url.href }
}

function isResponse(parameters: URLSearchParams, { pathname }: URL): boolean {
  const has = (name: string) => parameters.has(name)
  if (!['code', 'error', 'state', 'response', 'id_token', 'access_token'].some(has)) return false
  return pathname !== '/' || parameters.getAll('state').some((state) => OWN_STATE.test(state))
}
