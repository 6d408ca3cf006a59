import { processRevocationResponse, WWWAuthenticateChallengeError } from 'oauth4webapi'

/** One challenge of a `WWW-Authenticate` header (RFC 9110 §11.6.1); names in lower case. */
export interface Challenge {
  readonly scheme: string
  readonly parameters: Readonly<Record<string, string | undefined>>
}

/** In characters: as much as a server sends of all headers together, unless it is told to send more. */
const LONGEST_HEADER = 16_384
/** An element of a list, up to a comma outside of a quoted string, which need not be closed. */
const ELEMENT = /(?:"(?:[^"\\]|\\.)*"?|[^",])+/g
const SCHEME = /^[^\s",=]+$/
const PARAMETER = /^[^\s",=]+[ \t]*=[ \t]*[^\s=]/

/** Returns the challenges of a `WWW-Authenticate` header: none if absent, malformed or too long. */
export async function readChallenges(header: string | null): Promise<readonly Challenge[]> {
  if (!header || header.length > LONGEST_HEADER) return []
  // Removes what oauth4webapi cannot read: empty elements (RFC 9110 §5.6.1.2) directly after a
  // scheme or at the end, and space before a comma.
  const elements = (header.match(ELEMENT) ?? []).map((each) => each.trim()).filter(Boolean)
  const challenges = elements.reduce((before, each, at) => {
    const belongs = SCHEME.test(elements[at - 1] ?? '') && PARAMETER.test(each)
    return before + (before && (belongs ? ' ' : ', ')) + each
  }, '')
  try {
    // oauth4webapi does not export its parser, but the error of this function has the challenges.
    const headers = { 'www-authenticate': challenges }
    await processRevocationResponse(new Response(null, { status: 401, headers }))
  } catch (error) {
    if (error instanceof WWWAuthenticateChallengeError) return error.cause as never
  }
  return []
}
