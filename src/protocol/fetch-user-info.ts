import { AuthError } from '../errors.js'
import type { TokenBinding } from '../types/capabilities.js'
import type { ProviderMetadata, ProviderProfile, UserInfo } from '../types/provider.js'
import { readFailure } from './read-failure.js'
import { membersOf, withoutEcho } from './read-json.js'
import type { TokenSet } from './request-tokens.js'
import type { Transport } from './transport.js'

/**
 * Reads the UserInfo endpoint (OpenID Connect Core §5.3). An answer that speaks of another subject
 * than the ID token does is discarded whole; one that is a JWT is refused.
 *
 * @param profile what is known of this kind of provider
 * @throws {AuthError} `userinfo_invalid`, `network`, `timeout`, `provider_unavailable`
 */
export async function fetchUserInfo(
  {
    transport,
    binding,
    clientId,
  }: {
    readonly transport: Transport
    readonly binding: TokenBinding | undefined
    readonly clientId: string
  },
  { userinfo_endpoint: url }: ProviderMetadata,
  { tokenType, accessToken }: Pick<TokenSet, 'tokenType' | 'accessToken'>,
  subject: string,
  profile: ProviderProfile | undefined,
): Promise<UserInfo> {
  if (!url) throw invalid('has no usable address')
  const authorization = `${tokenType} ${accessToken}`
  const send = (proof?: { readonly dpop: string }) =>
    transport(url, 'userinfo_invalid', undefined, { authorization, ...proof })
  const answer = binding
    ? await binding.send(url, 'GET', accessToken, (dpop) => send({ dpop }))
    : await send()
  if (answer.status === 429 || answer.status >= 500) {
    throw readFailure({ ...answer, json: withoutEcho(answer.json, [accessToken]) })
  }
  const members = membersOf(answer.json)
  const claims = profile?.readUserInfo?.(members, clientId) ?? members
  if (answer.status !== 200 || claims.sub !== subject) {
    throw invalid(`answered with status ${answer.status} and not about this user`)
  }
  return Object.freeze({ ...claims }) as UserInfo
}

function invalid(what: string): AuthError {
  return new AuthError('userinfo_invalid', `The UserInfo endpoint ${what}.`)
}
