import type { SignInRequest } from 'tessera-auth'
import { nameThrown, noticeFrom } from '../notice.js'
import type { Page } from '../page.js'

/** Sends the user to the tenant, and brings her back to the view she is on. */
export async function signIn(page: Page, request: SignInRequest = {}): Promise<void> {
  const { auth, notice, timeline, announcement, place } = page
  notice.set(null)
  const detail = [place.tenant, ...(request.scope ?? [])].join(' · ')
  timeline.add({ kind: 'leave', tone: 'plain', title: 'Sent to CyberArk Identity', detail })
  announcement.set('Taking you to CyberArk Identity')
  try {
    await page.own(() => auth.signIn({ returnTo: location.href, ...request }))
  } catch (thrown) {
    const title = 'Did not get to CyberArk Identity'
    timeline.add({ kind: 'leave', tone: 'bad', title, detail: nameThrown(thrown) })
    notice.set(noticeFrom(thrown, place, () => void signIn(page, request)))
  }
}
