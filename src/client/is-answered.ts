import type { StepUp } from '../http/step-up.js'
import type { Session } from '../session/create-session.js'

/**
 * Whether the session's sign-in has answered a challenge of an API. When the sign-in is older than
 * `maxAge`, the same challenge may be answered again. Not within a minute: an API that is never satisfied
 * would otherwise keep sending the user to the provider.
 */
export function isAnswered(session: Session, { challenge, maxAge }: StepUp): boolean {
  const { answered = [], authenticatedAt = Infinity } = session.current() ?? {}
  const recentUntil = authenticatedAt + Math.max(maxAge ?? Infinity, 60) * 1000
  return answered.includes(challenge) && !(Date.now() > recentUntil)
}
