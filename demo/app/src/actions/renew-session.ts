import { AuthError, type AuthErrorCode, type AuthState } from 'tessera-auth'
import { nameThrown, noticeFrom } from '../notice.js'
import type { Page } from '../page.js'
import { whenWaysAreSet } from './change-ways.js'

/** What a renewal ends with where only the user can renew: at CyberArk, always. */
const NEEDS_USER: readonly AuthErrorCode[] = [
  'token_request_refused',
  'session_expired',
  'interaction_required',
]

/** Gets a new access token although the old one is still good. */
export async function renewSession(page: Page): Promise<void> {
  await whenWaysAreSet()
  const { auth, notice, timeline, announcement, renewing, onlyByUser, place } = page
  notice.set(null)
  renewing.set(true)
  try {
    await page.own(() => auth.getAccessToken({ forceRenewal: true }))
    announcement.set('Session renewed')
  } catch (thrown) {
    timeline.add({ kind: 'renew', tone: 'bad', title: 'Not renewed', detail: nameThrown(thrown) })
    const problem = noticeFrom(thrown, place, () => void renewSession(page))
    const isAlive = auth.state.status === 'signed-in'
    const needsUser = thrown instanceof AuthError && NEEDS_USER.includes(thrown.code)
    onlyByUser.set(isAlive && needsUser)
    notice.set(isAlive && needsUser ? { ...problem, ...describeRenewalByUser(page) } : problem)
  } finally {
    renewing.set(false)
  }
}

function describeRenewalByUser({ ways, place, auth }: Page) {
  const why = ways.get().frame
    ? explainFrame(auth.state, place.tenant)
    : `${place.tenant} does not renew the tokens of an app in a browser by itself.`
  return {
    tone: 'warn',
    title: 'Only you can renew this session',
    text: `${why} Sign in again: as long as you are signed in there, you come straight back.`,
    remedy: 'sign-in',
  } as const
}

function explainFrame(state: AuthState, tenant: string): string {
  return 'error' in state && state.error?.code === 'timeout'
    ? `The hidden frame came back with nothing: ${tenant} may not be framed, or this browser shows it no cookies there.`
    : `The hidden frame came back with a no: ${tenant} wants to see you first.`
}
