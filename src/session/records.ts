import { isScopeList, isText } from './record-checks.js'
import type { ProviderMetadata, UserClaims } from '../types.js'

/** An access token and what it is good for; times in milliseconds since the epoch. */
export interface TokenRecord {
  readonly accessToken: string
  readonly tokenType: 'Bearer' | 'DPoP'
  readonly scope: readonly string[]
  readonly receivedAt: number
  /** `null` where the provider names no lifetime. */
  readonly expiresAt: number | null
}

/** A session as it is stored, sealed. */
export interface SessionRecord {
  readonly format: 1
  readonly clientId: string
  readonly metadata: ProviderMetadata
  readonly claims: UserClaims | null
  readonly idToken: string | null
  readonly refreshToken: string | null
  /** Access tokens by what they are for, see {@link tokenKey}. */
  readonly tokens: Readonly<Record<string, TokenRecord>>
  /** Challenges that a sign-in has answered; the same one again is not answered twice. */
  readonly answered: readonly string[]
}

/** A sign-in under way, as it is stored, sealed. */
export interface TransactionRecord {
  readonly format: 1
  readonly clientId: string
  readonly metadata: ProviderMetadata
  readonly redirectUri: string
  readonly verifier: string
  readonly nonce: string
  readonly scope: readonly string[]
  readonly tokenKey: string
  readonly maxAge: number | null
  readonly acrValues: readonly string[]
  /** The only subject that may come back, or `null` for anybody. */
  readonly subject: string | null
  readonly answered: readonly string[]
  readonly returnTo: string | null
  readonly appState: unknown
}

/** Names the access token for a resource indicator or audience; `''` is the session's own. */
export function tokenKey(listed?: {
  readonly resource: string | undefined
  readonly audience: string | undefined
}): string {
  if (listed?.resource) return `resource ${listed.resource}`
  return listed?.audience ? `audience ${listed.audience}` : ''
}

/** The parameters that ask for the access token of a {@link tokenKey}. */
export function tokenParameters(key: string): URLSearchParams {
  const [name, ...value] = key.split(' ')
  return new URLSearchParams(name ? { [name]: value.join(' ') } : {})
}

/** A stored session, or `undefined` for anything that is none of this client's. */
export function readSessionRecord(value: unknown, clientId: string): SessionRecord | undefined {
  const record = value as SessionRecord | null | undefined
  const sound =
    record?.format === 1 &&
    record.clientId === clientId &&
    isText(record.metadata?.issuer) &&
    (record.claims === null ||
      (isText(record.claims?.sub) && record.claims.iss === record.metadata.issuer)) &&
    (record.refreshToken === null || isText(record.refreshToken)) &&
    (record.idToken === null || isText(record.idToken)) &&
    typeof record.tokens === 'object' &&
    Object.values(record.tokens).every(isTokenRecord) &&
    isScopeList(record.answered)
  return sound ? record : undefined
}

/** A stored sign-in, or `undefined` for anything that is none of this client's. */
export function readTransactionRecord(
  value: unknown,
  clientId: string,
): TransactionRecord | undefined {
  const record = value as TransactionRecord | null | undefined
  const sound =
    record?.format === 1 &&
    record.clientId === clientId &&
    isText(record.metadata?.issuer) &&
    [record.redirectUri, record.verifier, record.nonce].every(isText) &&
    [record.scope, record.acrValues, record.answered].every(isScopeList) &&
    typeof record.tokenKey === 'string'
  return sound ? record : undefined
}

function isTokenRecord(token: TokenRecord | null): boolean {
  return (
    isText(token?.accessToken) &&
    /^(Bearer|DPoP)$/.test(token.tokenType) &&
    isScopeList(token.scope) &&
    Number.isFinite(token.receivedAt) &&
    (token.expiresAt === null || Number.isFinite(token.expiresAt))
  )
}
