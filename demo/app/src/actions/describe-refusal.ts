import { AuthError } from 'tessera-auth'
import { describeError, type Notice } from '../notice.js'
import type { Page } from '../page.js'
import { readPendingPayment } from './pending-payment.js'

/**
 * What to say of a permission that a user did not give who is signed in already: that takes nothing
 * from her session. `null` where it is something else that failed.
 */
export function describeRefusal(
  { auth, payment }: Page,
  thrown: unknown,
  problem: Notice,
  appState: unknown,
): Notice | null {
  if (!(thrown instanceof AuthError) || auth.state.status !== 'signed-in') return null
  const pending = readPendingPayment(appState)
  if (thrown.code === 'popup_closed' && pending) return { ...problem, ...NOT_PAID }
  // Of a missing Run permission the tenant itself speaks, and so does the problem then.
  const isDenied = thrown.providerError === 'access_denied' && problem.remedy !== 'switch-user'
  if (!isDenied) return null
  // The hint is about users who may not run the app: this one does.
  const detail = describeError(thrown)
  if (!pending) return { ...NOT_GIVEN, detail }
  payment.set({ status: 'denied', ...pending })
  return { ...NOT_ALLOWED, detail }
}

const SAME_AS_BEFORE = 'you are still signed in, with the permissions you had before.'

const NOT_PAID = {
  tone: 'warn',
  text: 'So nothing was paid, and nothing else has changed.',
  remedy: 'allow',
} as const

const NOT_ALLOWED = {
  tone: 'warn',
  title: 'The payment was not allowed',
  text: `Tax eFile was not given the permission for it, so nothing was paid. Nothing else has changed: ${SAME_AS_BEFORE}`,
  remedy: 'allow',
} as const

const NOT_GIVEN = {
  tone: 'warn',
  title: 'The permission was not given',
  text: `Nothing has changed: ${SAME_AS_BEFORE}`,
  remedy: 'none',
} as const
