import type { AuthError, AuthState } from 'tessera-auth'
import { noticeFrom } from '../notice.js'
import type { Page } from '../page.js'
import { leavePassage } from '../router.js'
import { describeArrival } from '../timeline/describe-arrival.js'
import { describeChange } from '../timeline/describe-change.js'
import { type Arrival, readArrival } from '../timeline/read-arrival.js'
import { readExchanges } from '../timeline/read-exchanges.js'
import { resumePayment } from './pay-tax.js'
import { signIn } from './sign-in.js'

/** Completes a sign-in or restores the session, and keeps the page in step with it from then on. */
export async function startPage(page: Page): Promise<void> {
  const { auth, timeline, notice } = page
  const arrival = readArrival(location)
  recordReturn(page, arrival)
  watchSession(page)
  const result = await page.own(() => auth.start())
  if (arrival === 'code') timeline.add(...readExchanges())
  timeline.add(...describeArrival(arrival, auth.state, result))
  leavePassage()
  page.router.sync()
  if (result.error) return tellFailure(page, result.error)
  if (arrival === 'signed-out') notice.set(SIGNED_OUT)
  if (auth.state.status === 'signed-in') await resumePayment(page, result.appState)
}

const SIGNED_OUT = {
  tone: 'good',
  title: 'You are signed out',
  text: 'Here and at the tenant. See you next year.',
  remedy: 'none',
} as const

function recordReturn({ timeline }: Page, arrival: Arrival): void {
  if (arrival === 'code') {
    const detail = 'Works once, and only in this browser'
    timeline.add({ kind: 'return', tone: 'plain', title: 'Came back with a code', detail })
  }
  if (arrival === 'refusal') {
    timeline.add({ kind: 'return', tone: 'bad', title: 'Came back without a code' })
  }
}

function watchSession(page: Page): void {
  let before: AuthState = page.auth.state
  page.auth.subscribe((state) => {
    page.timeline.add(...describeChange(before, state, page.isOwn()))
    if (before.status === 'signed-in' && state.status === 'signed-out') {
      page.accounts.set({ status: 'unread' })
      page.payment.set({ status: 'due' })
      if (!page.isOwn()) tellLoss(page, state.error)
    }
    before = state
  })
}

/** A sign-in that failed takes nothing from a session that was there before. */
function tellFailure(page: Page, error: AuthError): void {
  const problem = noticeFrom(error, page.place, () => void signIn(page))
  const signedIn = page.auth.state.status === 'signed-in'
  if (signedIn && error.providerError === 'access_denied') {
    page.notice.set({ ...problem, ...NOT_ALLOWED })
  } else if (signedIn) {
    page.notice.set({ ...problem, text: `${problem.text} You are still signed in as before.` })
  } else {
    page.notice.set(problem)
  }
}

const NOT_ALLOWED = {
  tone: 'warn',
  title: 'The permission was not given',
  text: 'So nothing was done at the bank. You are still signed in, with the permissions you had before.',
  remedy: 'none',
} as const

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
