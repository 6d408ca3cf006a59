import { AuthError } from 'tessera-auth'
import type { Explanation } from '../explain-error.js'

/** Says in a user's words why the bank could not be called. `null`: the bank is not the cause. */
export function explainNoAnswer(thrown: unknown, bank: string): Explanation | null {
  const unreachable =
    thrown instanceof AuthError
      ? thrown.code === 'network' || thrown.code === 'timeout'
      : thrown instanceof TypeError
  if (!unreachable) return null
  return {
    title: 'The bank does not answer',
    text: `We could not reach ${bank}. You are still signed in. Check that you are online and that the bank’s API is running, then try again.`,
    remedy: 'retry',
  }
}

/** Says in a user's words what a refusal of the bank means, by its HTTP status. `reason` is its own. */
export function explainAnswer(status: number, reason?: string): Explanation {
  if (status === 401) {
    return {
      title: 'The bank does not accept your sign-in',
      text: 'It may have run out, or the bank trusts another tenant. Sign in again; if that does not help, whoever runs Tax eFile has to look at the technical details.',
      remedy: 'sign-in',
    }
  }
  if (status === 403) {
    return {
      title: 'The bank says no',
      text: 'You have not allowed Tax eFile to read your accounts. Sign in again and allow it, if you want to.',
      remedy: 'sign-in',
    }
  }
  if (status === 429 || status >= 500) {
    return {
      title: 'The bank cannot answer now',
      text: 'It is busy or has a problem of its own. You are still signed in. Try again in a moment.',
      remedy: 'retry',
    }
  }
  return {
    title: 'The bank did not accept the request',
    text: `${reason ?? 'The technical details say what it did not like.'} Nothing has changed at the bank.`,
    remedy: 'retry',
  }
}
