import { processRevocationResponse, WWWAuthenticateChallengeError } from 'oauth4webapi'

/** One challenge of a `WWW-Authenticate` header (RFC 9110 §11.6.1); names in lower case. */
export interface Challenge {
  readonly scheme: string
  readonly parameters: Readonly<Record<string, string | undefined>>
}

const LONGEST_HEADER = 4096

/** The challenges of a `WWW-Authenticate` header; none where it is absent, malformed or too long. */
export async function readChallenges(header: string | null): Promise<readonly Challenge[]> {
  if (!header || header.length > LONGEST_HEADER) return []
  try {
    // oauth4webapi gives its parser of challenges away only through what its functions throw.
    const headers = { 'www-authenticate': header }
    await processRevocationResponse(new Response(null, { status: 401, headers }))
  } catch (error) {
    if (error instanceof WWWAuthenticateChallengeError) return error.cause as never
  }
  return []
}
