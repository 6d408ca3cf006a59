import type { UserClaims } from '../types/provider.js'
import { refuseIdToken } from './verify-id-token.js'

interface ClaimRequest {
  readonly essential?: boolean
  readonly value?: unknown
  readonly values?: readonly unknown[]
}

/**
 * Checks an ID token against the values that the request parameter `claims` asked for (OpenID
 * Connect Core §5.5.1): those of essential claims, and that of `sub`, because the provider may
 * answer for no other user (§3.1.2.2). If a claim is a list, one of its items has to match.
 *
 * @throws {AuthError} `id_token_invalid`
 */
export function assertClaims(wantedClaims: object | undefined, claims: UserClaims | null): void {
  const { id_token: wanted } = (wantedClaims ?? {}) as {
    id_token?: Record<string, ClaimRequest | null>
  }
  for (const [name, request] of Object.entries(wanted ?? {})) {
    const { essential, value, values = value === undefined ? [] : [value] } = request ?? {}
    const got = [claims?.[name], ...[claims?.[name]].flat()].map((each) => JSON.stringify(each))
    const fits = !values.length || values.some((each) => got.includes(JSON.stringify(each)))
    if (!fits && (essential || name === 'sub')) {
      throw refuseIdToken(name)
    }
  }
}
