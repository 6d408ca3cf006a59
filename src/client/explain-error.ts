import { AuthError } from '../errors.js'
import type { ProviderProfile } from '../types.js'

/** The same error, with the hint that the provider's profile has for it. */
export function explainError(profile: ProviderProfile, error: AuthError): AuthError {
  const hint = profile.explain?.(error)
  return hint && hint !== error.hint ? new AuthError(error.code, error.message, { ...error, hint }) : error
}
