import { RESPONSE_PARAMETERS } from '../protocol/authorization-response.js'

/** What the address of the page has of an authorization response. */
export interface Callback {
  readonly parameters: URLSearchParams
  /** The address without it; the app's own query and fragment stay. */
  readonly scrubbed: string
}

/**
 * Reads the authorization response from the address of the page, or `undefined` where there is
 * none: only at the redirect URI, and where that is the root of a site, only with a state as we make
 * them, since others use `code` and `state` too.
 *
 * The query counts; what stands in the fragment is scrubbed with it and never used.
 */
export function readCallback(href: string, redirectUri: string): Callback | undefined {
  const url = new URL(href)
  const { origin, pathname } = new URL(redirectUri)
  if (url.origin !== origin || url.pathname !== pathname) return undefined
  const [parameters, fragment] = [url.search, url.hash].map((text) => {
    const read = new URLSearchParams(text.slice(1))
    const named = /^(code|error|state|response|id_token|access_token)$/
    const ours = pathname !== '/' || /^[\w-]{43}$/.test(read.get('state') ?? '')
    return ours && [...read.keys()].some((name) => named.test(name)) ? read : undefined
  })
  if (!parameters && !fragment) return undefined
  // Part by part, because URLSearchParams would write the app's own parameters anew.
  const rest = url.search
    .slice(1)
    .split('&')
    .filter((part) => {
      const [name = ''] = new URLSearchParams(part).keys()
      return !RESPONSE_PARAMETERS.includes(name)
    })
  url.search = rest.join('&')
  if (fragment) url.hash = ''
  return { parameters: parameters ?? new URLSearchParams(), scrubbed: url.href }
}
