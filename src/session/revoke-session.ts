import { revokeToken } from '../protocol/revoke-token.js'
import type { SessionContext } from './context.js'
import type { SessionRecord } from './records.js'

/**
 * Revokes the refresh token of a session, and with it all tokens that came from it (RFC 7009 §2.1), or
 * else its access token, if the provider lets us. Never rejects.
 *
 * @param before the same session as it was when it was revoked before, if it was
 */
export async function revokeSession(
  context: SessionContext,
  record: SessionRecord,
  before?: SessionRecord,
): Promise<void> {
  const token = tokenOf(record)
  if (token && token !== (before && tokenOf(before))) {
    await revokeToken(context, record.metadata, token)
  }
}

const tokenOf = ({ refreshToken, tokens }: SessionRecord) => refreshToken ?? tokens['']?.accessToken
