import type { StartResult } from 'tessera-auth'
import { noticeFrom } from '../notice.js'
import type { Page } from '../page.js'
import { paidNote } from '../paid-note.js'
import { returnNote } from '../return-note.js'
import { leavePassage } from '../router.js'
import { describeArrival, describeReturn } from '../timeline/describe-arrival.js'
import type { Arrival } from '../timeline/read-arrival.js'
import { readExchanges } from '../timeline/read-exchanges.js'
import { describeRefusal } from './describe-refusal.js'
import { recallPayment } from './find-payment.js'
import { resumePayment } from './pay-tax.js'
import { recordBinding } from './record-binding.js'
import { signIn } from './sign-in.js'
import { watchSession } from './watch-session.js'

/** Restores the session, or says what became of a sign-in that the callback page could not complete. */
export async function startPage(page: Page, arrival: Arrival): Promise<void> {
  const { auth, timeline, notice } = page
  timeline.add(...describeReturn(arrival))
  watchSession(page)
  paidNote.watch(() => void recallPayment(page))
  const returned = returnNote.read() as { readonly appState: unknown } | null
  returnNote.write(null)
  const result = await page.own(() => auth.start())
  if (arrival === 'code') timeline.add(...readExchanges())
  // What the callback page has done, it has written down.
  if (returned) await recordBinding(page)
  else timeline.add(...describeArrival(arrival, auth.state, result))
  leavePassage()
  page.router.sync()
  if (result.error) {
    await recallPayment(page)
    return tellFailure(page, result)
  }
  if (arrival === 'signed-out') notice.set(SIGNED_OUT)
  if (returned && auth.state.status === 'signed-in') await resumePayment(page, returned.appState)
  await recallPayment(page)
}

const SIGNED_OUT = {
  tone: 'good',
  title: 'You are signed out',
  text: 'Here and at the tenant. See you next year.',
  remedy: 'none',
} as const

/** A sign-in that failed takes nothing from a session that was there before. */
function tellFailure(page: Page, { error, appState }: StartResult): void {
  const problem = noticeFrom(error, page.place, () => void signIn(page))
  const refusal = describeRefusal(page, error, problem, appState)
  const isSignedIn = page.auth.state.status === 'signed-in'
  const text = isSignedIn ? `${problem.text} You are still signed in as before.` : problem.text
  page.notice.set(refusal ?? { ...problem, text })
}
