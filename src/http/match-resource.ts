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

// A server may take these for a slash, a dot or the end of a segment or path, whatever we take them
// for: also encoded twice, and in UTF-8 that is longer than it may be (RFC 3629 §10).
const ENCODED_SEPARATOR = /%(25)*(00|2e|2f|5c|c[01]|e0%(25)*[89]|f0%(25)*8)|\.%(25)*3b|;|\\/i

/** Brings a resource into the form that URLs are compared with. */
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
 * The listed resource that a URL is under: exact scheme, host and port, and the path on segment
 * boundaries. The longest path wins.
 *
 * @param url as the caller gave it
 * @param base what a relative URL is relative to
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
    for (const listed of resources) {
      if (
        listed.origin === target.origin &&
        isBelow(target.pathname, listed.path) &&
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

/** What a refusal calls a URL: never by its path, which may hold a secret. */
function nameOf(
  resources: readonly ListedResource[],
  { origin }: { origin?: string } = {},
): string {
  if (!origin || origin === 'null') return 'This URL'
  // Then it is the path that is not, or what else a token is not sent along with.
  return resources.some((listed) => listed.origin === origin) ? `This URL at ${origin}` : origin
}

function isBelow(pathname: string, path: string): boolean {
  if (path === '') return true
  if (hasEncodedSeparator(pathname)) return false
  return pathname === path || pathname.startsWith(`${path}/`)
}

/** Also where the escapes are written with escapes, as in `%25%32%65`, however often. */
function hasEncodedSeparator(pathname: string): boolean {
  for (let text = pathname, depth = 0; depth < 8; depth++) {
    if (ENCODED_SEPARATOR.test(text)) return true
    const decoded = text.replace(/%(25|3\d|[46][1-6])/gi, decodeURIComponent)
    if (decoded === text) return false
    text = decoded
  }
  return true
}
