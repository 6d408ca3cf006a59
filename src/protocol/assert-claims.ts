import type { UserClaims } from '../types/provider.js'
import { refuseIdToken } from './verify-id-token.js'

interface ClaimRequest {
  readonly essential?: boolean
  readonly value?: unknown
  readonly values?: readonly unknown[]
}

/**
 * Holds an ID token to the values that the request parameter `claims` named for it (OpenID Connect
 * Core §5.5.1): of essential claims, and of `sub`, which is for nobody else (§3.1.2.2). Of a claim
 * that is a list, one item has to fit.
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
