import type { AuthState } from 'tessera-auth'
import { noticeFrom } from '../notice.js'
import type { Page } from '../page.js'
import { describeChange } from '../timeline/describe-change.js'
import { recallPayment } from './find-payment.js'

/** Writes down what becomes of the session, and lets go of what it had opened when it ends. */
export function watchSession(page: Page): void {
  let before: AuthState = page.auth.state
  page.auth.subscribe((state) => {
    const isFramed = page.framed.get()
    page.timeline.add(...describeChange(before, state, { own: page.isOwn(), isFramed }))
    if (before.status === 'signed-in' && state.status === 'signed-out') {
      page.accounts.set({ status: 'unread' })
      page.payment.set({ status: 'due' })
      if (!page.isOwn()) tellLoss(page, state.error)
    }
    const isNew = before.status !== 'signed-in' && state.status === 'signed-in'
    if (isNew && !page.isOwn()) void recallPayment(page)
    // Another tab has signed in: a banner that says otherwise is none any more.
    if (before.status === 'signed-out' && isNew && !page.isOwn()) page.notice.set(null)
    if (!('renewal' in state) || state.renewal !== 'renewing') page.framed.set(false)
    // Other tokens may be renewed in another way.
    if (expiryOf(state) !== expiryOf(before)) page.onlyByUser.set(false)
    before = state
  })
}

function expiryOf(state: AuthState): number | null {
  return state.status === 'signed-in' ? state.expiresAt : null
}

function tellLoss({ notice, place }: Page, error: unknown): void {
  if (error) notice.set(noticeFrom(error, place))
  else {
    notice.set({
      tone: 'warn',
      title: 'You were signed out in another tab',
      text: 'All tabs of Tax eFile share one session, so this one has ended too.',
      remedy: 'none',
    })
  }
}
