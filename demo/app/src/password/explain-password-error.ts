import { AuthError } from 'tessera-auth'
import { type Explanation, explainError, type Place } from '../explain-error.js'

/** Says in a user's words why a password did not sign her in. `null` for what is no such error. */
export function explainPasswordError(thrown: unknown, place: Place): Explanation | null {
  if (!(thrown instanceof AuthError)) return null
  if (thrown.code !== 'token_request_refused') return explainError(thrown, place)
  if (thrown.providerError === 'invalid_grant') {
    return {
      title: 'That user name and password do not go together',
      text: 'Check both and try again.',
      remedy: 'none',
    }
  }
  if (/run permission/i.test(thrown.providerErrorDescription ?? '')) {
    return {
      title: 'Your user may not run this application',
      text: `${place.tenant} knows you, but you do not have the Run permission for it. Ask your administrator.`,
      remedy: 'none',
    }
  }
  return {
    title: 'The tenant did not take the request',
    text: `${place.tenant} refused the application, not you: its client ID, its secret or this way of signing in. The technical details say what it said.`,
    remedy: 'none',
  }
}
