import { revokeToken } from '../protocol/revoke-token.js'
import type { SessionContext } from './context.js'
import type { SessionRecord } from './records.js'

/**
 * Revokes the refresh token of a session, and with it all tokens that came from it (RFC 7009 §2.1), or
 * else its access tokens, if the provider lets us. Never rejects.
 *
 * @param before the same session as it was when it was revoked before, if it was
 */
export async function revokeSession(
  context: SessionContext,
  record: SessionRecord,
  before?: SessionRecord,
): Promise<void> {
  const revoked = before ? tokensOf(before) : []
  const tokens = tokensOf(record).filter((token) => !revoked.includes(token))
  await Promise.all(tokens.map((token) => revokeToken(context, record.metadata, token)))
}

const tokensOf = ({ refreshToken, tokens }: SessionRecord): readonly string[] =>
  refreshToken ? [refreshToken] : Object.values(tokens).flatMap((token) => token?.accessToken ?? [])
