import type { SignInRequest } from 'tessera-auth'
import { nameThrown, noticeFrom } from '../notice.js'
import type { Page } from '../page.js'
import { describeArrival } from '../timeline/describe-arrival.js'
import { readExchanges } from '../timeline/read-exchanges.js'
import { whenWaysAreSet } from './change-ways.js'
import { describeRefusal } from './describe-refusal.js'
import { recallPayment } from './find-payment.js'
import { openPopup } from './open-popup.js'
import { recordBinding } from './record-binding.js'

/** How the user gets to the tenant: by what she has chosen, or by leaving this page. */
export type Way = 'chosen' | 'redirect'

let latest = 0

/**
 * Sends the user to the tenant. To be called in the handler of a click, where browsers let windows
 * be opened.
 *
 * @returns whether she has signed in meanwhile, in a popup. A redirect brings her back to the view
 *   she is on, and to a new page.
 */
export async function signIn(
  page: Page,
  request: SignInRequest = {},
  way: Way = 'chosen',
): Promise<boolean> {
  await whenWaysAreSet()
  const { auth, notice, announcement, place, ways } = page
  const { popup, push } = ways.get()
  const inPopup = popup && way === 'chosen'
  let answered = 0
  const ticket = ++latest
  notice.set(null)
  const detail = [place.tenant, ...(request.scope ?? [])].join(' · ')
  if (!inPopup) {
    page.departure.set({ kind: 'leave', tone: 'plain', title: 'Sent to CyberArk Identity', detail })
    // What is pushed is at the tenant before the user is.
    if (!push) page.depart()
  }
  announcement.set(
    inPopup ? 'A window opens for CyberArk Identity' : 'Taking you to CyberArk Identity',
  )
  const via = inPopup
    ? openPopup(page, detail, () => {
        answered = performance.now()
      })
    : undefined
  try {
    await page.own(() => auth.signIn({ returnTo: location.href, ...request, ...(via && { via }) }))
    await recordSignIn(page, answered)
    return true
  } catch (thrown) {
    page.departure.set(null)
    // The window of a later click has taken the place of this one.
    if (ticket === latest) tellFailure(page, thrown, request, inPopup)
    return false
  }
}

async function recordSignIn(page: Page, answered: number): Promise<void> {
  const { auth, timeline, announcement } = page
  timeline.add(...readExchanges(answered), ...describeArrival('code', auth.state, { error: null }))
  await recordBinding(page)
  announcement.set('Signed in')
  await recallPayment(page)
}

function tellFailure(page: Page, thrown: unknown, request: SignInRequest, inPopup: boolean): void {
  const { notice, timeline, place } = page
  const code = nameThrown(thrown)
  const title = inPopup ? 'Did not sign in' : 'Did not get to CyberArk Identity'
  if (code !== 'popup_closed') timeline.add({ kind: 'leave', tone: 'bad', title, detail: code })
  const problem = noticeFrom(thrown, place, () => void signIn(page, request))
  const refusal = describeRefusal(page, thrown, problem, request.appState)
  notice.set(refusal ?? { ...problem, request })
  if (refusal) scrollTo(0, 0)
}
