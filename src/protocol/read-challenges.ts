import { processRevocationResponse, WWWAuthenticateChallengeError } from 'oauth4webapi'

/** One challenge of a `WWW-Authenticate` header (RFC 9110 §11.6.1); names in lower case. */
export interface Challenge {
  readonly scheme: string
  readonly parameters: Readonly<Record<string, string | undefined>>
}

const LONGEST_HEADER = 4096
/** An element of a list, up to a comma that is in no quoted string, closed or not. */
const ELEMENT = /(?:"(?:[^"\\]|\\.)*"?|[^",])+/g
const SCHEME = /^[^\s",=]+$/
const PARAMETER = /^[^\s",=]+[ \t]*=[ \t]*[^\s=]/

/** The challenges of a `WWW-Authenticate` header; none where it is absent, malformed or too long. */
export async function readChallenges(header: string | null): Promise<readonly Challenge[]> {
  if (!header || header.length > LONGEST_HEADER) return []
  // Elements that are empty (RFC 9110 §5.6.1.2), first after a scheme or at the end, are more than
  // oauth4webapi reads, and so is space before a comma.
  const elements = (header.match(ELEMENT) ?? []).map((each) => each.trim()).filter(Boolean)
  const challenges = elements.reduce((before, each, at) => {
    const belongs = SCHEME.test(elements[at - 1] ?? '') && PARAMETER.test(each)
    return before + (before && (belongs ? ' ' : ', ')) + each
  }, '')
  try {
    // It gives its parser of challenges away only through what its functions throw.
    const headers = { 'www-authenticate': challenges }
    await processRevocationResponse(new Response(null, { status: 401, headers }))
  } catch (error) {
    if (error instanceof WWWAuthenticateChallengeError) return error.cause as never
  }
  return []
}
