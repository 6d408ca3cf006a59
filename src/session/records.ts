import type { ProviderMetadata, UserClaims } from '../types/provider.js'

/** An access token and what it is good for; times in milliseconds since the epoch. */
export interface TokenRecord {
  readonly accessToken: string
  readonly tokenType: 'Bearer' | 'DPoP'
  readonly scope: readonly string[]
  readonly receivedAt: number
  /** `null` where the provider names no lifetime. */
  readonly expiresAt: number | null
}

interface StoredRecord {
  readonly format: 1
  readonly clientId: string
  readonly metadata: ProviderMetadata
}

/** A session as it is stored, sealed. */
export interface SessionRecord extends StoredRecord {
  readonly claims: UserClaims | null
  readonly idToken: string | undefined
  readonly refreshToken: string | undefined
  /** Access tokens by what they are for, see {@link tokenKey}. */
  readonly tokens: { readonly [key: string]: TokenRecord | undefined }
  /** Challenges that a sign-in has answered; the same one again is not answered twice. */
  readonly answered: readonly string[]
}

/** A sign-in under way, as it is stored, sealed. */
export interface TransactionRecord extends StoredRecord {
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

/** Names of records. Sealed: the session and the provider; the others hold times and counts. */
export const SESSION = 'session'
export const EPOCH = 'epoch'
export const TRANSACTION = 'transaction:'
export const USED = 'used:'
export const PACE = 'pace'

/** Names the access token for a resource indicator or audience; `''` is the session's own. */
export function tokenKey(listed?: {
  readonly resource: string | undefined
  readonly audience: string | undefined
}): string {
  if (listed?.resource) return `resource ${listed.resource}`
  return listed?.audience ? `audience ${listed.audience}` : ''
}

/** The parameters that ask for the access token of a {@link tokenKey}. */
export function tokenParameters(key: string): Record<string, string> {
  const [name, ...value] = key.split(' ')
  return name ? { [name]: value.join(' ') } : {}
}

/** A stored session, or `undefined` for anything that is none of this client's. */
export function readSessionRecord(value: unknown, clientId: string): SessionRecord | undefined {
  const record = value as SessionRecord | undefined
  return isOf(record, clientId) &&
    (record.claims?.iss ?? record.metadata.issuer) === record.metadata.issuer &&
    Object.values(record.tokens ?? { none: undefined }).every(isTokenRecord) &&
    Array.isArray(record.answered)
    ? record
    : undefined
}

/** A stored sign-in, or `undefined` for anything that is none of this client's. */
export function readTransactionRecord(
  value: unknown,
  clientId: string,
): TransactionRecord | undefined {
  const record = value as TransactionRecord | undefined
  return isOf(record, clientId) && record.verifier && record.nonce && Array.isArray(record.scope)
    ? record
    : undefined
}

function isOf<Kept extends StoredRecord>(
  record: Kept | undefined,
  clientId: string,
): record is Kept {
  return record?.format === 1 && record.clientId === clientId && !!record.metadata?.issuer
}

function isTokenRecord(token: TokenRecord | undefined): boolean {
  return (
    typeof token?.accessToken === 'string' &&
    Array.isArray(token.scope) &&
    Number.isFinite(token.receivedAt) &&
    Number.isFinite(token.expiresAt ?? 0)
  )
}
