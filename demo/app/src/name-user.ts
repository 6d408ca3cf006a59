import type { UserClaims } from 'tessera-auth'

const NAMES = ['unique_name', 'preferred_username', 'name', 'email']

/** What to call the user; `null` when the session does not say who she is. */
export function nameUser(user: UserClaims | null): string | null {
  if (!user) return null
  const name = NAMES.map((claim) => user[claim]).find((value) => typeof value === 'string' && value)
  return (name as string | undefined) ?? user.sub
}
