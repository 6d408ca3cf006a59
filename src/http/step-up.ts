import type { ListedResource } from './match-resource.js'

/** One challenge of a `WWW-Authenticate` header (RFC 9110 §11.6.1); names in lower case. */
export interface Challenge {
  readonly scheme: string
  readonly parameters: Readonly<Record<string, string | undefined>>
}

/** What a sign-in has to ask for so that an API is satisfied. */
export interface StepUp {
  /** Names the challenge, so that the same one is not answered twice. */
  readonly challenge: string
  readonly message: string
  readonly scope?: readonly string[]
  readonly acrValues?: readonly string[]
  readonly maxAge?: number
}

/**
 * Reads a request for more from an API's challenges: `insufficient_scope` with 403 (RFC 6750 §3.1)
 * or `insufficient_user_authentication` with 401 (RFC 9470 §3).
 *
 * @param granted the scopes that the token has: being refused for want of them is no step-up
 */
export function stepUpOf(
  status: number,
  challenges: readonly Challenge[],
  listed: ListedResource,
  granted: readonly string[],
): StepUp | undefined {
  // Each token is asked about for itself: what one of them got, the other has not.
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
  return (text?.slice(0, 1024).split(' ') ?? []).filter((word) =>
    /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(word),
  )
}
