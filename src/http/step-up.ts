import type { ListedResource } from './match-resource.js'

/** One challenge of a `WWW-Authenticate` header (RFC 9110 §11.6.1); names in lower case. */
export interface Challenge {
  readonly scheme: string
  readonly parameters: Readonly<Record<string, string | undefined>>
}

/** A sign-in that an API asks for. */
export interface StepUp {
  /** Identifies the challenge, so that it is not answered twice. */
  readonly challenge: string
  readonly message: string
  readonly scope?: readonly string[]
  readonly acrValues?: readonly string[]
  readonly maxAge?: number
}

/**
 * Returns the sign-in that an API's challenges ask for, if any: by `insufficient_scope` with 403
 * (RFC 6750 §3.1) or `insufficient_user_authentication` with 401 (RFC 9470 §3).
 *
 * @param granted the scopes of the token: a challenge that names no other scope is ignored
 */
export function stepUpOf(
  status: number,
  challenges: readonly Challenge[],
  listed: ListedResource,
  granted: readonly string[],
): StepUp | undefined {
  // A challenge is about one token: a sign-in that answered it did so for that token only.
  const api = listed.resource ?? listed.audience ?? listed.origin
  for (const { scheme, parameters } of challenges) {
    if (!/^(bearer|dpop)$/.test(scheme)) continue
    const { error, acr_values: acrValues, max_age: maxAge } = parameters
    const scope = words(parameters.scope)
    if (status === 403 && error === 'insufficient_scope') {
      if (!scope.some((name) => !granted.includes(name))) continue
      return {
        challenge: JSON.stringify([api, error, scope]),
        message: `The API asks for the scope "${scope.join(' ')}".`,
        scope,
      }
    }
    if (status === 401 && error === 'insufficient_user_authentication') {
      return {
        challenge: JSON.stringify([api, error, acrValues, maxAge]),
        message: 'The API asks for a stronger or more recent sign-in.',
        ...(scope.length > 0 && { scope }),
        ...(acrValues && { acrValues: words(acrValues) }),
        ...(maxAge && /^\d{1,9}$/.test(maxAge) && { maxAge: Number(maxAge) }),
      }
    }
  }
  return undefined
}

function words(text: string | undefined): readonly string[] {
  return (text?.split(' ') ?? []).filter((word) => /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(word))
}
