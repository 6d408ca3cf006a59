import { RESPONSE_PARAMETERS } from '../protocol/authorization-response.js'
import type { WayBack } from './claim-callback.js'

/** What the address of the page has of an authorization response. */
export interface Callback {
  readonly parameters: URLSearchParams
  /** The address without it; the app's own query and fragment stay. */
  readonly scrubbed: string
  /** Whether it has a state and nothing else of a response. */
  readonly isBare: boolean
}

/**
 * Reads the authorization response from the address of the page, or `undefined` where there is
 * none: only at the redirect URI. Where that is a folder, such as the root of a site, only with a state as
 * we make them, since others use `code` and `state` in the pages of an app too. The same where a file
 * server has added a slash to its path, or has taken it away.
 *
 * The query counts; what stands in the fragment is scrubbed with it and never used.
 *
 * @param wayBack how the tab came back, if it had left for a sign-in: a provider that changes or drops
 *   the state is to be reported, at a folder as well
 */
export function readCallback(
  href: string,
  redirectUri: string,
  wayBack?: WayBack,
): Callback | undefined {
  const url = new URL(href)
  const { origin, pathname } = new URL(redirectUri)
  if (url.origin !== origin || withoutSlash(url.pathname) !== withoutSlash(pathname))
    return undefined
  const isOwn = url.pathname === pathname && !pathname.endsWith('/')
  const isExpected = isOwn || (wayBack && wayBack !== 'traversed')
  const isResponse = (text: string) => {
    const read = new URLSearchParams(text.slice(1))
    const isOurs = isExpected || /^[\w-]{43}$/.test(read.get('state') ?? '')
    const named = /^(code|error|state|response|id_token|access_token)$/
    return isOurs && [...read.keys()].some((name) => named.test(name))
  }
  const parameters = new URLSearchParams(url.search)
  // What begins like a path is a view of a hash router, whatever it calls its parameters.
  const fragment = !/^#!?\//.test(url.hash) && isResponse(url.hash)
  if (!fragment && !isResponse(url.search)) return undefined
  // Part by part, because URLSearchParams would write the app's own parameters anew.
  url.search = url.search
    .slice(1)
    .split('&')
    .filter((part) => !RESPONSE_PARAMETERS.test([...new URLSearchParams(part).keys()][0] ?? ''))
    .join('&')
  if (fragment) url.hash = ''
  const isMore = (name: string) => name !== 'state' && RESPONSE_PARAMETERS.test(name)
  const isBare = !fragment && ![...parameters.keys()].some(isMore)
  return { parameters, scrubbed: url.href, isBare }
}

const withoutSlash = (path: string) => path.replace(/\/$/, '')
