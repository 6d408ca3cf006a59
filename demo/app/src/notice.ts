import { AuthError, type SignInRequest } from 'tessera-auth'
import { type Explanation, explainError, type Place } from './explain-error.js'

/** A sentence at the top of the page about what just went wrong, or well. */
export interface Notice extends Explanation {
  readonly tone: 'bad' | 'warn' | 'good'
  /** For whoever runs the app. */
  readonly detail?: string
  /** What the remedy `retry` does. */
  readonly retry?: () => void
  /** What the remedy `sign-in` asks for. */
  readonly request?: SignInRequest
}

const UNEXPECTED: Explanation = {
  title: 'Something went wrong',
  text: 'That should not have happened. Reload the page and try again.',
  remedy: 'reload',
}

/** What the user did herself: nothing is wrong. */
const HARMLESS = ['popup_closed', 'sign_in_interrupted']

/** Turns whatever was thrown into a notice. */
export function noticeFrom(thrown: unknown, place: Place, retry?: () => void): Notice {
  const explanation = thrown instanceof AuthError ? explainError(thrown, place) : UNEXPECTED
  const tone = HARMLESS.includes(nameThrown(thrown)) ? 'warn' : 'bad'
  return { tone, ...explanation, detail: describeThrown(thrown), ...(retry && { retry }) }
}

/** The technical side of whatever was thrown. */
export function describeThrown(thrown: unknown): string {
  if (!(thrown instanceof AuthError)) return String(thrown)
  return describeError(thrown, thrown.hint)
}

/** The technical side of an error, with what to do about it. */
export function describeError(error: AuthError, hint?: string): string {
  const { code, message, providerError, providerErrorDescription } = error
  const said = [providerError, providerErrorDescription].filter(Boolean).join(': ')
  return [`${code}: ${message}`, hint, said && `The tenant said “${said}”.`]
    .filter(Boolean)
    .join(' ')
}

/** The code of whatever was thrown, short enough for the timeline. */
export function nameThrown(thrown: unknown): string {
  return thrown instanceof AuthError ? thrown.code : 'unexpected'
}
