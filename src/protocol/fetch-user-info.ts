import { AuthError } from '../errors.js'
import type { ProviderMetadata, UserInfo } from '../types.js'
import { ownMembers } from './own-members.js'
import { readFailure } from './read-failure.js'
import type { Transport } from './transport.js'

/**
 * Reads the UserInfo endpoint (OpenID Connect Core §5.3). An answer that speaks of another subject
 * than the ID token does is discarded whole; one that is a JWT is refused.
 *
 * @throws {AuthError} `config`, `userinfo_invalid`, `session_expired`, `network`, `timeout`,
 *   `provider_unavailable`
 */
export async function fetchUserInfo(
  transport: Transport,
  metadata: ProviderMetadata,
  authorization: Readonly<Record<string, string>>,
  subject: string,
): Promise<UserInfo> {
  if (!metadata.userinfo_endpoint) {
    throw new AuthError('config', 'userInfo: this provider names no usable userinfo_endpoint.')
  }
  const answer = await transport(metadata.userinfo_endpoint, {
    headers: { ...authorization, accept: 'application/json' },
    tooLarge: 'userinfo_invalid',
  })
  if (answer.status === 401) {
    throw new AuthError('session_expired', 'The UserInfo endpoint does not accept the access token.')
  }
  if (answer.status === 429 || answer.status >= 500) throw readFailure(answer, 'UserInfo endpoint')
  const claims = ownMembers(answer.json)
  if (answer.status !== 200 || !claims) {
    throw new AuthError(
      'userinfo_invalid',
      `The UserInfo endpoint answered with status ${answer.status} and no usable JSON object.`,
      { status: answer.status },
    )
  }
  if (claims.sub !== subject) {
    throw new AuthError('userinfo_invalid', 'The UserInfo response speaks of another subject.')
  }
  return Object.freeze({ ...claims }) as UserInfo
}
