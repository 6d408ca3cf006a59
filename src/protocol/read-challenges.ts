import { processRevocationResponse, WWWAuthenticateChallengeError } from 'oauth4webapi'

/** One challenge of a `WWW-Authenticate` header (RFC 9110 §11.6.1); names in lower case. */
export interface Challenge {
  readonly scheme: string
  readonly parameters: Readonly<Record<string, string | undefined>>
}

const LONGEST_HEADER = 4096
/** A quoted string, closed or not, or white space up to a comma: each match begins where one ended. */
const QUOTED_OR_SPACE = /"(?:[^"\\]|\\.)*"?|[ \t]+,?/g

/** The challenges of a `WWW-Authenticate` header; none where it is absent, malformed or too long. */
export async function readChallenges(header: string | null): Promise<readonly Challenge[]> {
  if (!header || header.length > LONGEST_HEADER) return []
  // Space before a comma (RFC 9110 §5.6.1) after a bare scheme is more than oauth4webapi reads.
  const trimmed = header.replace(QUOTED_OR_SPACE, (part) =>
    part.endsWith(',') ? part.trimStart() : part,
  )
  try {
    // It gives its parser of challenges away only through what its functions throw.
    const headers = { 'www-authenticate': trimmed }
    await processRevocationResponse(new Response(null, { status: 401, headers }))
  } catch (error) {
    if (error instanceof WWWAuthenticateChallengeError) return error.cause as never
  }
  return []
}
