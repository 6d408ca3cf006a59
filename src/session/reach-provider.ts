import { type AuthError, signedOut } from '../errors.js'
import type { Current, SessionContext } from './context.js'
import { setPace } from './keep-pace.js'

/**
 * Finds out whether the server of the token endpoint answers, by a request that does no harm if it
 * arrives late: for its keys. Without such an address on that server, nothing is asked.
 *
 * @throws {AuthError} `network`, `timeout`, `signed_out` also if the client was closed meanwhile
 */
export async function reachProvider(context: SessionContext, session: Current): Promise<void> {
  await context.untilSignedOut(askForKeys(context, session))
  if (!context.current()) throw signedOut()
}

async function askForKeys(context: SessionContext, { claims, metadata }: Current): Promise<void> {
  const { jwks, jwks_uri: address, token_endpoint: endpoint } = metadata
  // Without an ID token, this page may not be allowed to read the keys, and never had to.
  if (!claims || jwks || !address || new URL(address).origin !== new URL(endpoint).origin) return
  try {
    await context.transport(address, 'discovery_invalid')
  } catch (error) {
    // A document that is too large is an answer as well.
    if (!/^(network|timeout)$/.test((error as AuthError).code)) return
    // The calls of another tab may not tell.
    await setPace(context, (pace) => ({ ...pace, doubtedAt: Date.now() }))
    throw error
  }
}
