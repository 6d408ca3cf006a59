import { AuthError } from '../errors.js'
import type { TokenBinding } from '../types/capabilities.js'
import type { ProviderMetadata, ProviderProfile, UserInfo } from '../types/provider.js'
import { mayPass, readFailure } from './read-failure.js'
import { membersOf } from './read-json.js'
import type { TokenSet } from './request-tokens.js'
import { sendBound } from './send-bound.js'
import type { Transport } from './transport.js'

/**
 * Reads the UserInfo endpoint (OpenID Connect Core §5.3). An answer about another subject than that
 * of the ID token is discarded whole, and a JWT is refused.
 *
 * @param profile what is known about this kind of provider
 * @throws {AuthError} `userinfo_invalid`, `network`, `timeout`, `provider_unavailable`, and with a
 *   binding `dpop` and `signed_out`
 */
export async function fetchUserInfo(
  endpoint: {
    readonly transport: Transport
    readonly binding: TokenBinding | undefined
    readonly clientId: string
  },
  { userinfo_endpoint: url }: ProviderMetadata,
  token: Pick<TokenSet, 'tokenType' | 'accessToken'>,
  subject: string,
  profile: ProviderProfile | undefined,
): Promise<UserInfo> {
  if (!url) throw invalid('has no usable address')
  const answer = await sendBound(endpoint, url, 'userinfo_invalid', undefined, token)
  if (mayPass(answer.status)) throw readFailure(answer, [token.accessToken])
  const members = membersOf(answer.json)
  const claims = profile?.readUserInfo?.(members, endpoint.clientId) ?? members
  if (answer.status !== 200 || claims.sub !== subject) {
    throw invalid(`answered with status ${answer.status} and not about this user`)
  }
  return Object.freeze({ ...claims }) as UserInfo
}

function invalid(what: string): AuthError {
  return new AuthError('userinfo_invalid', `The UserInfo endpoint ${what}.`)
}
