import { readMetadata } from '../protocol/read-metadata.js'
import type { TokenSet } from '../protocol/request-tokens.js'
import type { ProviderMetadata, UserClaims } from '../types/provider.js'

/** An access token, its scope and its lifetime. */
export type TokenRecord = Pick<
  TokenSet,
  'accessToken' | 'tokenType' | 'scope' | 'authorizationDetails' | 'receivedAt' | 'expiresAt'
>

interface StoredRecord {
  readonly format: 1
  readonly clientId: string
  readonly metadata: ProviderMetadata
  /** The step-up challenges that this sign-in answers. None is answered twice. */
  readonly answered: readonly string[]
  /** The id of the session: renewals, step-ups and silent sign-ins continue the one there is. */
  readonly sessionId: string
}

/** A session as it is stored, sealed. */
export interface SessionRecord extends StoredRecord {
  /** The count of sign-outs when it began. */
  readonly epoch: number
  /** When its sign-in began, in milliseconds since the epoch. */
  readonly begunAt: number
  readonly claims: UserClaims | null
  /** The claims of the sign-in that the refresh token is of: renewed ID tokens continue that one. */
  readonly original?: UserClaims | null
  /** Whether the refresh token is of an earlier sign-in than the rest: a step-up has brought none. */
  readonly isOlder?: boolean
  /** When the user was authenticated, by this device's clock, in milliseconds since the epoch, if known. */
  readonly authenticatedAt?: number | undefined
  readonly idToken: string | undefined
  readonly refreshToken: string | undefined
  /** Access tokens by {@link tokenKey}. */
  readonly tokens: { readonly [key: string]: TokenRecord | undefined }
}

/** A sign-in under way, as it is stored, sealed. */
export interface TransactionRecord extends StoredRecord {
  readonly redirectUri: string
  readonly verifier: string
  readonly nonce: string | undefined
  readonly scope: readonly string[]
  readonly tokenKey: string
  readonly maxAge: number | undefined
  readonly acrValues: readonly string[] | undefined
  /** The `claims` that were asked for. */
  readonly wantedClaims: object | undefined
  /** Whether it continues the session that there was, and no other user's. */
  readonly carriesOn: boolean
  /** The only subject that may come back; `undefined` if anybody may. */
  readonly subject: string | undefined
  readonly returnTo: string | null
  readonly appState: unknown
}

/** Names of records. The session and the sign-ins are sealed; the others hold times and counts. */
export const SESSION = 'session'
export const EPOCH = 'epoch'
/** The id of the stored session, to be read without opening it. */
export const SESSION_ID = 'session id'
/** Its {@link SessionRecord.begunAt}. */
export const SESSION_SINCE = 'session since'
/** Stands beside a session whose refresh token is the newest there is. */
export const RENEWABLE = 'renewable'
export const TRANSACTION = 'transaction '
export const USED = 'used '
export const ARRIVAL = 'arrival '
/** With `dpop()`: the key pair that tokens are bound to. */
export const KEY_PAIR = 'key pair'
/**
 * When renewals may be tried again, see {@link paceName}. Not sealed: its only words are the app's own
 * resources.
 */
export const PACE = 'pace'

/** The name of the pace of a session: of the stored one, or of one that this page has alone. */
export const paceName = (
  { isStored }: { readonly isStored: () => boolean },
  sessionId: string,
): string => (isStored() ? PACE : `${PACE} ${sessionId}`)

/** The count of sign-outs. It follows the clock, so that no two are equal even if one was deleted. */
export const epochOf = (all: Map<string, unknown>): number => Number(all.get(EPOCH)) || 0

/** The version of the stored session, which can be read also if the session cannot be unsealed. */
export const versionOf = (all: Map<string, unknown>): string | undefined =>
  (all.get(SESSION) as { version?: string } | undefined)?.version

/** Names the access token for a resource indicator or audience; `''` is the session's own. */
export function tokenKey(listed?: {
  readonly resource: string | undefined
  readonly audience: string | undefined
}): string {
  if (listed?.resource) return `resource ${listed.resource}`
  return listed?.audience ? `audience ${listed.audience}` : ''
}

/** The key of the token whose scope and lifetime the state shows: the session's own, or its first. */
export function mainKey(record: SessionRecord | undefined): string {
  const keys = Object.keys(record?.tokens ?? {})
  return keys.includes('') ? '' : (keys[0] ?? '')
}

/** The parameters that ask for the access token of a {@link tokenKey}. */
export function tokenParameters(key: string): Record<string, string> {
  const [name = '', ...words] = key.split(' ')
  return name ? { [name]: words.join(' ') } : {}
}

/**
 * A stored session, or `undefined` for anything that is not a session of this client: its tokens have to
 * be bound to a key if and only if this client binds them.
 */
export function readSessionRecord(
  value: unknown,
  clientId: string,
  isBound: boolean,
): SessionRecord | undefined {
  const record = value as SessionRecord | undefined
  return isOf(record, clientId) &&
    typeof (record.refreshToken ?? '') === 'string' &&
    typeof (record.idToken ?? '') === 'string' &&
    (record.claims?.iss ?? record.metadata.issuer) === record.metadata.issuer &&
    Object.values(record.tokens ?? [null]).every(
      (token) =>
        typeof token?.accessToken === 'string' &&
        (token.tokenType === 'DPoP') === isBound &&
        Array.isArray(token.scope) &&
        Number.isFinite(token.receivedAt) &&
        Number.isFinite(token.expiresAt ?? 0),
    )
    ? withCheckedMetadata(record)
    : undefined
}

/** A stored sign-in, or `undefined` for anything that is not one of this client. */
export function readTransactionRecord(
  value: unknown,
  clientId: string,
): TransactionRecord | undefined {
  const record = value as TransactionRecord | undefined
  return isOf(record, clientId) && record.verifier ? withCheckedMetadata(record) : undefined
}

/**
 * Its metadata is checked as when it came, and has no prototype, which a script could put an endpoint on.
 * Whether this machine's own addresses are allowed was decided then.
 */
function withCheckedMetadata<Kept extends StoredRecord>(record: Kept): Kept | undefined {
  try {
    return { ...record, metadata: readMetadata(record.metadata, undefined, true) }
  } catch {
    return undefined
  }
}

function isOf<Kept extends StoredRecord>(
  record: Kept | undefined,
  clientId: string,
): record is Kept {
  return (
    record?.format === 1 &&
    record.clientId === clientId &&
    typeof record.sessionId === 'string' &&
    !!record.metadata?.issuer &&
    Array.isArray(record.answered)
  )
}
