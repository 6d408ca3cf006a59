import { revokeToken } from '../protocol/revoke-token.js'
import type { SessionContext } from './context.js'
import type { SessionRecord } from './records.js'

/**
 * Revokes what a session goes on by, as far as the provider lets us: all that came of a refresh token
 * goes with it (RFC 7009 §2.1). Never rejects.
 *
 * @param before the same session as it was revoked before, if it was
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
