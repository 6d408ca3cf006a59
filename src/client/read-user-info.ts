import { AuthError } from '../errors.js'
import { fetchUserInfo } from '../protocol/fetch-user-info.js'
import type { UserInfo } from '../types/provider.js'
import type { Client } from './client.js'

/**
 * Reads the claims of the session's user from the UserInfo endpoint.
 *
 * @throws {AuthError} as `Auth.userInfo`
 */
export async function readUserInfo({ session, options }: Client): Promise<UserInfo> {
  const token = await session.token('')
  const { claims, metadata } = session.current() ?? {}
  if (!claims || !metadata) {
    throw new AuthError('config', 'userInfo: the scope "openid" is what gives a user.')
  }
  return fetchUserInfo(session, metadata, token, claims.sub, options.provider)
}
