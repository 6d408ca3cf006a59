import { AuthError } from '../errors.js'
import type { Resource } from '../types/options.js'

/** A {@link Resource} in the form that URLs are compared with. */
export interface ListedResource {
  readonly origin: string
  /** The path that URLs have to be at or below, without a slash at the end. */
  readonly path: string
  readonly scope: readonly string[]
  readonly resource: string | undefined
  readonly audience: string | undefined
  readonly redirect: Resource['redirect'] | undefined
}

// A server may read these as a slash, a dot, or the end of a segment or path, even if a browser
// does not: also if they are in overlong UTF-8 (RFC 3629 §10).
const ENCODED_SEPARATOR = /%(00|2e|2f|5c|c[01]|e0%[89]|f0%8)|\.%3b|;/i

/** Returns a resource in the form that URLs are compared with. */
export function listResource(resource: Resource, url: URL): ListedResource {
  return Object.freeze({
    origin: url.origin,
    path: url.pathname.replace(/\/$/, ''),
    scope: Object.freeze([...(resource.scope ?? [])]),
    resource: resource.resource,
    audience: resource.audience,
    redirect: resource.redirect,
  })
}

/**
 * Returns the listed resource that a URL is under: scheme, host and port have to be the same, and
 * the path has to be at or below that of the resource, in whole segments. The longest path wins.
 *
 * @param url as the caller gave it
 * @param base the base of a relative URL
 * @throws {AuthError} `origin_not_allowed`
 */
export function matchResource(
  resources: readonly ListedResource[],
  url: string,
  base?: string,
): ListedResource {
  let target: URL | undefined
  try {
    target = new URL(url, base)
  } catch {}
  let match: ListedResource | undefined
  if (target && /^https?:$/.test(target.protocol) && !target.username && !target.password) {
    const { origin, pathname } = target
    for (const listed of resources) {
      if (
        listed.origin === origin &&
        isBelow(pathname, listed.path) &&
        (!match || listed.path.length > match.path.length)
      ) {
        match = listed
      }
    }
  }
  if (match) return match
  throw new AuthError(
    'origin_not_allowed',
    `${nameOf(resources, target)} is not under a listed resource; nothing was sent.`,
    {
      hint: `List it in the option "resources", or use the plain fetch. Listed: ${resources.map(({ origin, path }) => `${origin}${path}/`).join(', ') || 'none'}.`,
    },
  )
}

/** Returns what an error calls a URL: never its path, which may contain a secret. */
function nameOf(
  resources: readonly ListedResource[],
  { origin }: { origin?: string } = {},
): string {
  if (!origin || origin === 'null') return 'This URL'
  // If the origin is listed, the URL was refused for its path or its user info.
  return resources.some((listed) => listed.origin === origin) ? `This URL at ${origin}` : origin
}

function isBelow(pathname: string, path: string): boolean {
  if (path === '') return true
  // In this order, because it is asked of each resource at each call.
  return (
    pathname.startsWith(path) &&
    /^\/?$/.test(pathname.charAt(path.length)) &&
    !hasEncodedSeparator(pathname)
  )
}

/**
 * Whether a path has an encoded separator, even if the escapes are escaped again, as in
 * `%25%32%65`. A path that takes eight rounds of decoding counts as one that has.
 */
function hasEncodedSeparator(pathname: string): boolean {
  for (let text = pathname, depth = 0; depth < 8; depth++) {
    if (ENCODED_SEPARATOR.test(text)) return true
    const decoded = text.replace(/%(25|3\d|[46][1-6])/gi, decodeURIComponent)
    if (decoded === text) return false
    text = decoded
  }
  return true
}
